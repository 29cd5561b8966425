import { registerHooks } from "node:module";

/** Each breaks one thing that the bench is there to see; it must then end with 1. */
export const sabotages = ["guard-off", "no-decode", "no-harvest", "guard-all", "oracle-blind", "trace-echo"] as const;
export type Sabotage = (typeof sabotages)[number];

/** Before anything of the engine is loaded: what the guard opens is the text itself and nothing more. */
export function withoutDecoders(): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith("/engine/phi/decode/closure.ts")) return loaded;
      const source = String(loaded.source);
      const changed = source.replace(/(export function\* closure\([^\n]*\{\n {2}yield [^\n]*\n)/, "$1  return;\n");
      if (changed === source) throw new Error("nothing to sabotage in closure.ts");
      return { ...loaded, source: changed };
    },
  });
}
