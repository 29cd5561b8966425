import { usCoreSearch } from "./us-core-search.ts";

/** Forms of values by the type of their parameter (R4 3.1.1.4); a comma separates values of which one must match. */
const forms: Readonly<Record<string, RegExp>> = {
  token: /^(?:[^|\s]{0,255}\|)?[^|]{0,255}$/,
  date: /^(?:eq|ne|gt|lt|ge|le|sa|eb|ap)?\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/,
  reference: /^(?:(?:[A-Z][A-Za-z]{1,40}\/)?[A-Za-z0-9\-.]{1,64}|(?:https?|urn):[^\s,|]{1,255})$/,
  string: /^\S.{0,254}$/,
};

/** What may stand behind the name of a parameter of this type. */
const modifiers: Readonly<Record<string, readonly string[]>> = { string: ["exact", "contains"] };

/** Of every resource. `_count` is of the answer and no criterion. */
const common: Readonly<Record<string, string>> = { _id: "token", _lastUpdated: "date" };

export const commonParameters = Object.keys(common).length;

const mostResults = 1000;

/** A parameter as it is asked on. */
export interface Asked {
  readonly name: string;
  readonly value: string;
}

export type Wrong = { readonly code: "FHC-106" | "FHC-107"; readonly path: string };

/** Names of the search parameters of a resource type, with their types. */
export function searchParameters(type: string): ReadonlyMap<string, string> {
  const own = (usCoreSearch[type] ?? "").split(" ").filter((each) => each !== "").map((each) => each.split(":") as [string, string]);
  return new Map([...own, ...Object.entries(common)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What a search asks, where it is one that US Core 6.1.0 defines: known names, modifiers and forms of values, and at least one criterion, since nobody gets all there is. What is wrong
 * names a place of the request alone: what the sender calls a parameter may be anything.
 */
export function askedOf(type: string, form: URLSearchParams, size: number): readonly Asked[] | readonly Wrong[] {
  const known = searchParameters(type);
  const asked: Asked[] = [];
  const wrong: Wrong[] = [];
  let [count, at] = [size, 0];
  for (const [written, value] of form) {
    at += 1;
    const [name = "", modifier, ...more] = written.split(":");
    const kind = known.get(name);
    if (written === "_count" && /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= mostResults) count = Math.min(size, Number(value));
    else if (kind === undefined) wrong.push({ code: "FHC-106", path: `http[${at}]` });
    else if (more.length > 0 || (modifier !== undefined && !modifiers[kind]?.includes(modifier))) wrong.push({ code: "FHC-106", path: `http.${name}` });
    else if (!value.split(/(?<!\\),/).every((each) => forms[kind]?.test(each) && each !== "" && each !== "|")) wrong.push({ code: "FHC-107", path: `http.${name}` });
    else asked.push({ name: written, value });
  }
  if (wrong.length > 0) return wrong;
  if (asked.length === 0) return [{ code: "FHC-107", path: "http" }];
  return [...asked, { name: "_count", value: String(count) }];
}

export function isWrong(found: readonly Asked[] | readonly Wrong[]): found is readonly Wrong[] {
  return found.some((each) => "code" in each);
}

/** The question as a message, under an id of its own (so that `order: { by: id }` lets questions pass each other): the type, then one parameter a row (R4 Parameters). A FHIR destination with `interaction: search` asks it on by POST `_search`. */
export function question(id: string, type: string, asked: readonly Asked[]): Uint8Array {
  const parameter = [{ name: "_type", valueCode: type }, ...asked.map(({ name, value }) => ({ name, valueString: value }))];
  return new TextEncoder().encode(JSON.stringify({ resourceType: "Parameters", id, parameter }));
}

/** The next page of a search, by the address that the server gave for it. */
export function pageQuestion(id: string, type: string, link: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ resourceType: "Parameters", id, parameter: [{ name: "_type", valueCode: type }, { name: "_page", valueUri: link }] }));
}
