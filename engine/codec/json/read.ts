import { EngineError } from "../../sdk/error.ts";
import type { JsonLimits } from "./limits.ts";
import type { Node } from "./node.ts";
import { ExactNumber, fitsDouble, keepText, textKept } from "./number.ts";
import { parseNodes, position } from "./parser.ts";

export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [key: string]: Json };

export interface ReadOptions extends JsonLimits {
  /** `double` (default): a number that a double would change is refused. `exact`: it becomes an `ExactNumber`. */
  readonly numbers?: "double" | "exact";
}

/** Strict JSON to plain values; objects have no prototype. How numbers were written is remembered for `writeJson`. Throws `JSN-0nn` with line and column, never with a quote. */
export function readJson(text: string, options: ReadOptions = {}): Json {
  const { numbers = "double", ...limits } = options;
  return plainOf(parseNodes(text, limits), text, numbers);
}

function plainOf(node: Node, text: string, numbers: "double" | "exact"): Json {
  switch (node.kind) {
    case "object": {
      const out: { [key: string]: Json } = Object.create(null);
      for (const [key, member] of node.members) keep(out, key, member, (out[key] = plainOf(member, text, numbers)));
      return out;
    }
    case "array": {
      const out = node.items.map((item) => plainOf(item, text, numbers));
      for (const [i, item] of node.items.entries()) keep(out, i, item, out[i]);
      return out;
    }
    case "number":
      if (fitsDouble(node.text)) return Number(node.text);
      if (numbers === "exact") return new ExactNumber(node.text);
      throw new EngineError("JSN-008", position(text, node.start));
    case "boolean":
      return node.text === "true";
    case "null":
      return null;
    default:
      return node.text;
  }
}

function keep(holder: object, key: string | number, node: Node, value: Json | undefined): void {
  if (node.kind === "number" && typeof value === "number") keepText(holder, key, node.text, value);
}

/** Values to compact JSON; an `ExactNumber`, and a number that was read and not changed, as it was written. */
export function writeJson(value: Json): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const member = (key: string | number, each: Json) => (typeof each === "number" ? textKept(value, key, each) : undefined) ?? writeJson(each);
  if (Array.isArray(value)) return `[${value.map((each, i) => member(i, each)).join(",")}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${member(key, each)}`)
    .join(",")}}`;
}
