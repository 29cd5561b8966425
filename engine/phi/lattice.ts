import { compartmentNames, obligationNames } from "../config/schema/words.ts";
import type { Label } from "./boundary.ts";
import { higher, isAtMost } from "./levels.ts";

/** Label of data made from both: the higher level, all compartments, owners and obligations of either, the purposes that both allow (phi.md 1.1). */
export function join(a: Label, b: Label): Label {
  const purposes = common(a.purposes, b.purposes);
  const method = a.method === b.method ? a.method : undefined;
  return {
    level: higher(a.level, b.level),
    compartments: union(a.compartments, b.compartments),
    owners: union(a.owners, b.owners),
    ...(purposes && { purposes }),
    obligations: union(a.obligations, b.obligations),
    ...(method && { method }),
  };
}

/** Whether data labelled `a` may be where `b` is the most. */
export function isWithin(a: Label, b: Label): boolean {
  return (
    isAtMost(a.level, b.level) && within(a.compartments, b.compartments) && within(a.owners, b.owners) && within(a.obligations, b.obligations) &&
    (a.purposes === undefined || (b.purposes !== undefined && within(b.purposes, a.purposes)))
  );
}

/** What is unknown, unlabelled or cannot be read. */
export function top(owners: readonly string[]): Label {
  return { level: "phi", compartments: compartmentNames, owners, purposes: [], obligations: obligationNames };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function within(a: readonly string[], b: readonly string[]): boolean {
  return a.every((each) => b.includes(each));
}

/** Absent stands for all. */
function common(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.filter((each) => b.includes(each));
}
