import { EngineError } from "../../sdk/error.ts";
import type { ElementPath } from "./element.ts";
import { oddId } from "./segments.ts";

/** One step above a segment: `ST[2]`, `2300[3]`, `2010BA`. */
export interface ScopePath {
  readonly id: string;
  /** Which one within the step before it, in order of the text; 0: not named. */
  readonly index: number;
}

/** `NM1`, `NM1[2]`, `REF(EI)`, `REF(EI)[2]`. */
export interface SegmentPath {
  readonly scopes: readonly ScopePath[];
  readonly segment: string;
  /** Which one, counted among those that the scopes and the qualifier leave; 0: not named. */
  readonly index: number;
  /** The value of the first element (of its first component); empty: not named. */
  readonly qualifier: string;
}

export type X12Path = SegmentPath & ElementPath;

const scope = /^([A-Z0-9]{2,6})(?:\[([1-9]\d{0,6})\])?$/;
const segment = /^([A-Z][A-Z0-9]{1,2})(?:\(([A-Za-z0-9]{1,4})\))?(?:\[([1-9]\d{0,6})\])?$/;
// Behind a bracket an element may have more digits: `NM1[1]100`.
const full = /^([A-Z][A-Z0-9]{1,2}|\?\?\?)(?:\(([A-Za-z0-9]{1,4})\))?(?:\[([1-9]\d{0,6})\])?(\d\d|(?<=\])[1-9]\d{2,6})(?:\[([1-9]\d{0,6})\])?(?:-([1-9]\d{0,6}))?$/;
const inside = /^(\d{1,2})(?:\[([1-9]\d{0,3})\])?(?:-([1-9]\d?))?$/;

/** Reads `CLM05-1`, `NM1[2]03`, `REF(EI)02`, `2010BA/NM103`, `ST[2]/2300[3]/CLM01`, `EB03[2]`. Throws `X12-101`. */
export function parseX12Path(path: string): X12Path {
  const { scopes, last, at } = split(path);
  const found = full.exec(last);
  if (found === null) throw new EngineError("X12-101", { at });
  const [, id = "", qualifier = "", index = "0", element = "", repetition = "0", component = "0"] = found;
  // The text in place of an id that is none is reached as element 0.
  if (element === "00" && id !== oddId) throw new EngineError("X12-101", { at });
  return { scopes, segment: id, qualifier, index: Number(index), element: Number(element), repetition: Number(repetition), component: Number(component) };
}

/** Reads `NM1`, `2300/REF[2]`, `2300/REF(D9)`. */
export function parseX12Segment(path: string): SegmentPath {
  const { scopes, last, at } = split(path);
  const [, id, qualifier = "", index = "0"] = segment.exec(last) ?? [];
  if (id === undefined) throw new EngineError("X12-101", { at });
  return { scopes, segment: id, qualifier, index: Number(index) };
}

/** Reads `2300`, `ST[2]/2300[3]`. */
export function parseX12Loop(path: string): readonly ScopePath[] {
  if (typeof path !== "string") throw new EngineError("X12-101");
  return scopesOf(path.split("/"));
}

/** Reads a path inside a segment: `3`, `05-1`, `03[2]-1`. */
export function parseElementPath(path: string | number): ElementPath {
  const [, element, repetition = "0", component = "0"] = typeof path === "string" || typeof path === "number" ? (inside.exec(String(path)) ?? []) : [];
  if (element === undefined || Number(element) === 0) throw new EngineError("X12-101", { at: 0 });
  return { element: Number(element), repetition: Number(repetition), component: Number(component) };
}

function split(path: string): { readonly scopes: readonly ScopePath[]; readonly last: string; readonly at: number } {
  if (typeof path !== "string") throw new EngineError("X12-101");
  const slash = path.lastIndexOf("/");
  return { scopes: slash < 0 ? [] : scopesOf(path.slice(0, slash).split("/")), last: path.slice(slash + 1), at: slash + 1 };
}

function scopesOf(steps: readonly string[]): readonly ScopePath[] {
  let at = 0;
  return steps.map((step) => {
    const [, id, index = "0"] = scope.exec(step) ?? [];
    if (id === undefined) throw new EngineError("X12-101", { at });
    at += step.length + 1;
    return { id, index: Number(index) };
  });
}
