import type { ClosedField, ClosedList } from "../config/project.ts";
import { accepted, isOpen } from "./fields.ts";

/** A number of this many digits is an identifier even where a number belongs. */
const longNumber = 7;

/**
 * What is left of a body when the fields that the closed list bounds are taken out: a surname that is a code (`Addison`) or a record number
 * that equals an amount stands there by right, and so does what the engine `made` for it. A body that is not the plain writing of its values has no such fields.
 */
export function unvalidated(body: string, only: ClosedList | undefined, made: ReadonlySet<string> = new Set()): string {
  if (!only) return body;
  const pairs = jsonPairs(body) ?? formPairs(body);
  return pairs ? leftOf(body, pairs, only, made) : body;
}

/** The same of a body whose fields are known. */
export function leftOf(body: string, pairs: readonly Pair[], only: ClosedList, made: ReadonlySet<string>): string {
  const open = pairs.filter(([path, value]) => {
    const field = only[path];
    return !field || !(isBounded(field, value) || isMade(field, value, made));
  });
  // Nothing of it is of the list: it may be no writing of a list at all, only look like one.
  if (open.length === pairs.length) return body;
  const rest = open
    .map(([path, value]) => `${JSON.stringify(Object.hasOwn(only, path) ? "" : path)}:${JSON.stringify(value)}`)
    .join(",");
  // As an object again: what is cut over neighbouring fields is set together there.
  return rest === "" ? "" : `{${rest}}`;
}

/** What the engine minted or copied for this very message, checked when it did. */
function isMade({ kind }: ClosedField, value: unknown, made: ReadonlySet<string>): boolean {
  return (kind === "surrogate" || kind === "copy") && typeof value === "string" && made.has(value);
}

function isBounded(field: ClosedField, value: unknown): boolean {
  if (typeof value === "object") return false;
  if (field.kind === "const") return String(field.value) === String(value);
  if (!isOpen(field)) return false;
  const fits = accepted(field, value) ?? (typeof value === "string" ? accepted(field, scalarOf(value)) : undefined);
  if (fits === undefined) return false;
  return typeof fits !== "number" || String(fits).replace(/\D/g, "").length < longNumber;
}

/** What a form field means: it has no types of its own. */
function scalarOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return String(number) === text ? number : text;
}

export type Pair = readonly [path: string, value: unknown];

function jsonPairs(body: string): Pair[] | undefined {
  try {
    const value: unknown = JSON.parse(body);
    // Twice the same key, another spelling of a number or of a letter: then something stands in the text that the value does not show.
    if (typeof value !== "object" || value === null || JSON.stringify(value) !== body) return undefined;
    // A list is what several messages of a closed list go as.
    const bodies: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (bodies.some((each) => typeof each !== "object" || each === null || Array.isArray(each))) return undefined;
    return bodies.flatMap((each) => Object.entries(each as object).map(([key, v]): Pair => [key, v]));
  } catch {
    return undefined;
  }
}

function formPairs(body: string): Pair[] | undefined {
  return /^[\w.[\]%+-]+=[^\s{}]*$/.test(body) ? [...new URLSearchParams(body)] : undefined;
}
