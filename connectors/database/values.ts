import { EngineError } from "../../engine/sdk/index.ts";

/** What is given to a database for a parameter. */
export type Value = string | number | boolean | null;

export interface Written {
  /** The engine's id of the message, the same at every repeat. */
  readonly id: string;
  readonly body: Uint8Array;
}

/**
 * The values of each row that a message makes: one row for an object, one each for a list. `$id` is the message's id, `$index` the place in the
 * list; a path leads into the object, and one that ends with `?` may lead nowhere. Throws EngineError `DBS-201`, `DBS-204`.
 */
export function rowsOf({ id, body }: Written, parameters: readonly string[]): Value[][] {
  let message: unknown;
  try {
    message = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new EngineError("DBS-204", {}, { cause });
  }
  const items: readonly unknown[] = Array.isArray(message) ? message : [message];
  return items.map((item, index) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) throw new EngineError("DBS-204", { index });
    return parameters.map((parameter) => {
      if (parameter === "$id") return id;
      if (parameter === "$index") return index;
      return valueAt(item, parameter);
    });
  });
}

function valueAt(item: object, parameter: string): Value {
  const path = parameter.replace(/\?$/, "").split(".");
  let at: unknown = item;
  for (const step of path) at = typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined;
  if (at === undefined && !parameter.endsWith("?")) throw new EngineError("DBS-201", { field: path.join(".") });
  if (at === undefined || at === null) return null;
  return typeof at === "object" ? JSON.stringify(at) : (at as Value);
}
