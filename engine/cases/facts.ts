import type { ClinicalResult } from "../codec/clinical/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { CaseSpec } from "../config/case-spec.ts";
import type { Code } from "../sdk/index.ts";
import { analyteProblems } from "./analytes.ts";
import { type Stamp, stampOf } from "./stamp.ts";

/** What a message says of one case. `key` is content: it leaves this room as a keyed hash alone. */
export interface CaseFact {
  readonly key: string;
  readonly state: string;
  readonly stamp?: Stamp;
  /** What it books, ms since 1970; absent: that cannot be told, or the channel does not ask. */
  readonly times?: readonly Period[];
}

/** From its first moment to the one after its last. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What a message says of its cases, read by the trusted codec. Values are content. */
export interface CaseFacts {
  readonly cases: readonly CaseFact[];
  /** Why no state can be told. */
  readonly problem?: Code;
  /** Values of each path of `same`, in its order. */
  readonly same: readonly (readonly string[])[];
  /** Who is booked. */
  readonly booked: readonly string[];
  /** Keys of each case of `known`; `undefined`: the message names none. */
  readonly known: readonly (string | undefined)[];
  /** What the site's table of analytes says of the results; codes alone. */
  readonly analytes?: readonly Code[];
}

/**
 * A message may be about several cases: then each value of the key is one, and states and stamps belong to them in the order of the message. A state that
 * stands there once is that of all; any other number of values could not be told apart.
 */
export function caseFacts(tree: Pick<Tree, "values">, spec: CaseSpec, results: () => readonly ClinicalResult[] = () => []): CaseFacts {
  const keys = firstValues(tree, spec.key);
  const rest = {
    same: spec.same.map((path) => filled(tree.values(path))),
    booked: bookedBy(tree, spec),
    known: spec.known.map((other) => firstValues(tree, other.key)[0]),
    ...(spec.analytes && { analytes: analyteProblems(results(), spec.analytes) }),
  };
  const states = statesOf(tree, spec, keys.length);
  const stamps = spec.stamp === undefined ? [] : filled(tree.values(spec.stamp));
  const isPaired = stamps.length <= 1 || stamps.length === keys.length;
  if (keys.length > 0 && (states === undefined || !isPaired)) return { cases: [], problem: states === undefined ? "CAS-107" : "CAS-105", ...rest };
  const times = timesOf(tree, spec, keys.length);
  const cases = keys.map((key, i): CaseFact => {
    const stamp = stampOf(stamps.length === 1 ? (stamps[0] ?? "") : (stamps[i] ?? ""));
    return { key, state: states?.[i] ?? "", ...(stamp && { stamp }), ...(times && { times: times[i] ?? [] }) };
  });
  return { cases, ...rest };
}

function bookedBy(tree: Pick<Tree, "values">, { overlap }: CaseSpec): readonly string[] {
  if (!overlap) return [];
  const { of, prefix } = overlap;
  return [...new Set(firstValues(tree, of).flatMap((value) => (value.startsWith(prefix) ? [value.slice(prefix.length)] : [])))].filter((value) => value !== "");
}

/** The times of each case: of several cases one each, in the order of the message; of a single one all. */
function timesOf(tree: Pick<Tree, "values">, { overlap }: CaseSpec, count: number): readonly (readonly Period[])[] | undefined {
  if (!overlap) return undefined;
  const [from, to] = [overlap.from, overlap.to].map((path) => filled(tree.values(path)).map(stampOf));
  if (!from || !to || from.length !== to.length || (count > 1 && from.length !== count)) return undefined;
  const periods = from.map((start, i) => ({ from: start?.kind === "time" ? start.value : Number.NaN, to: to[i]?.kind === "time" ? to[i].value : Number.NaN }));
  if (periods.some((each) => !(each.from < each.to))) return undefined;
  return count > 1 ? periods.map((each) => [each]) : [periods];
}

function statesOf(tree: Pick<Tree, "values">, { state }: CaseSpec, count: number): readonly string[] | undefined {
  const same = (one: string | undefined) => (one === undefined ? undefined : Array.from({ length: count }, () => one));
  if (state.const !== undefined) return same(state.const);
  const codes = state.of === undefined ? [] : filled(tree.values(state.of));
  if (codes.length === 0) return same(state.absent);
  const states = codes.map((code) => (Object.hasOwn(state.codes, code) ? state.codes[code] : undefined));
  if (states.some((each) => each === undefined)) return undefined;
  if (codes.length === count) return states as readonly string[];
  return codes.length === 1 ? same(states[0]) : undefined;
}

function firstValues(tree: Pick<Tree, "values">, paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    const found = filled(tree.values(path));
    if (found.length > 0) return found;
  }
  return [];
}

function filled(values: readonly string[]): readonly string[] {
  return values.map((value) => value.trim()).filter((value) => value !== "");
}
