import { EngineError } from "../../sdk/error.ts";
import type { JsonLimits } from "./limits.ts";
import type { Node } from "./node.ts";
import { ExactNumber, fitsDouble } from "./number.ts";
import { parseNodes, position } from "./parser.ts";

export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [key: string]: Json };

export interface ReadOptions extends JsonLimits {
  /** `double` (default): a number that a double would change is refused. `exact`: it becomes an `ExactNumber`. */
  readonly numbers?: "double" | "exact";
}

/** Strict JSON to plain values; objects have no prototype. Throws `JSN-0nn` with line and column, never with a quote. */
export function readJson(text: string, options: ReadOptions = {}): Json {
  const { numbers = "double", ...limits } = options;
  return plainOf(parseNodes(text, limits), text, numbers);
}

function plainOf(node: Node, text: string, numbers: "double" | "exact"): Json {
  switch (node.kind) {
    case "object": {
      const out: { [key: string]: Json } = Object.create(null);
      for (const [key, member] of node.members) out[key] = plainOf(member, text, numbers);
      return out;
    }
    case "array":
      return node.items.map((item) => plainOf(item, text, numbers));
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

/** Values to compact JSON; an `ExactNumber` as it was written. */
export function writeJson(value: Json): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}
