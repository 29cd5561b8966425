import { posix } from "node:path";
import { mask } from "./mask.ts";

export interface Import {
  /** Path from the root of the repository, or the name of a package or built-in module. */
  readonly target: string;
  readonly relative: boolean;
  readonly line: number;
}

const forms = [
  /\b(?:import|export)\b[^;"'()]*?\bfrom\s*(["'])([^"'\n]+)\1/g, // import … from, export … from
  /\bimport\s*(["'])([^"'\n]+)\1/g, // for its effects
  /\b(?:import|require)\s*\(\s*(["'`])([^"'`\n]+)\1/g, // dynamic, typeof import("…"), require
];

/** Every import of a file, of any form. `path` is relative to the root of the repository. */
export function importsOf(path: string, source: string): Import[] {
  const text = mask(source, "strings");
  return forms.flatMap((form) =>
    [...text.matchAll(form)].map((found) => {
      const name = found[2] ?? "";
      const relative = name.startsWith(".");
      return {
        target: relative ? posix.normalize(posix.join(posix.dirname(path), name)) : name,
        relative,
        line: text.slice(0, found.index + found[0].length).split("\n").length,
      };
    }),
  );
}
