import type { Code } from "../sdk/index.ts";
import type { catalogue, EventName, FieldKind } from "./event-catalogue.ts";

declare const brand: unique symbol;

/** A name out of the project's files. Text that came from a message is no name, and the compiler says so where somebody logs it. */
export type Name = string & { readonly [brand]: "name" };

/** Says that a text is a name of the project. Whether it is one is looked up when it is told. */
export function named(text: string): Name {
  return text as Name;
}

/** What the compiler lets a field hold, by its kind. */
type ValueOf<K extends FieldKind> = K extends "name" ? Name
  : K extends "code" ? Code
  : K extends "message" | "number" ? number
  : K extends "revision" | "case" | "path" ? string
  : K extends "counts" ? Readonly<Record<string, number>>
  : K extends readonly (infer Word)[] ? Word
  : never;

/** Fields of one event; each may be left out. */
export type FieldsOf<E extends EventName> = { readonly [F in keyof (typeof catalogue)[E]]?: (typeof catalogue)[E][F] extends FieldKind ? ValueOf<(typeof catalogue)[E][F]> | undefined : never };

/** What a log line may show. */
export type SafeField = string | number;

const forms = { code: /^[A-Z][A-Z0-9]{2}-\d{3}$/, revision: /^[0-9a-f]{8,64}$/, case: /^bg-[0-9a-f]{8}$/, path: /^(?:\d{4}[A-Z]{0,2}\/){1,6}[A-Z][A-Z0-9]{1,2}(?:\d\d(?:-\d{1,2})?)?$|^(?:[A-Z][A-Z0-9]{1,2}|\?{3})?(?:-?\d{1,4}(?:[.-]\d{1,4}){0,2})?$|^[A-Z][A-Za-z]{1,40}(?:\.[a-z][A-Za-z]{0,40}){0,12}$/, name: /^[a-z0-9][a-z0-9-]*(?:[/:@][a-z0-9][a-z0-9-]*){0,2}$/ } as const;

/** The words under which connectors count. */
const counted: ReadonlySet<string> = new Set(["count", "bytes", "refused", "offset", "line", "has", "says"]);

/**
 * The value as it may be shown, or how long it was: the compiler can be talked round, the sink cannot. A name must be one that `isKnown` has.
 */
export function shown(kind: FieldKind, value: unknown, isKnown: (name: string) => boolean): SafeField | Readonly<Record<string, number>> {
  if (kind === "number" || kind === "message") return typeof value === "number" && Number.isFinite(value) ? value : refused(value);
  if (kind === "counts") return countsOf(value);
  if (typeof value !== "string") return refused(value);
  if (typeof kind === "object") return kind.includes(value) ? value : refused(value);
  if (kind === "name") return forms.name.test(value) && isKnown(value) ? value : refused(value);
  return forms[kind].test(value) ? value : refused(value);
}

function countsOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([word, count]) => counted.has(word) && Number.isFinite(count)));
}

function refused(value: unknown): string {
  return `[${String(typeof value === "string" ? value.length : typeof value)} not told]`;
}
