import type { BoundaryMap, Crossing, MapLink } from "./boundary-map.ts";

/** `crosses`: data crosses here that did not before, or of a higher class, a further compartment, or to another party. */
export type Mark = "crosses" | "changed" | "gone" | "same";

export interface MarkedLink extends MapLink {
  readonly mark: Mark;
  /** What differs from before, in words. */
  readonly change?: string;
}

const order: readonly Crossing[] = ["refused", "none", "deidentified", "limited", "phi"];

/** Both maps as one: every link of now, marked against before, and those that are gone. */
export function difference(before: BoundaryMap, after: BoundaryMap): readonly MarkedLink[] {
  const was = new Map(before.links.map((link) => [link.id, link]));
  const is = new Set(after.links.map(({ id }) => id));
  const now = after.links.map((link) => marked(link, was.get(link.id)));
  const gone = before.links.filter(({ id }) => !is.has(id)).map((link): MarkedLink => ({ ...link, mark: "gone", change: "is gone" }));
  return [...now, ...gone].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function unmarked(map: BoundaryMap): readonly MarkedLink[] {
  return map.links.map((link) => ({ ...link, mark: "same" }));
}

function marked(link: MapLink, was: MapLink | undefined): MarkedLink {
  if (!was) return { ...link, mark: link.crossing === "refused" ? "changed" : "crosses", change: "is new" };
  const changes = [
    was.crossing === link.crossing ? "" : `was ${was.crossing}`,
    was.partner === link.partner ? "" : `went to ${was.partner}`,
    same(was.compartments, link.compartments) ? "" : `carried ${was.compartments.join(", ") || "no compartment"}`,
    was.by === link.by ? "" : `rested on ${was.by}`,
    was.purpose === link.purpose ? "" : `for ${was.purpose ?? "no purpose"}`,
    was.standard === link.standard ? "" : `by ${was.standard}`,
  ].filter((text) => text !== "");
  if (changes.length === 0) return { ...link, mark: "same" };
  return { ...link, mark: widens(link, was) ? "crosses" : "changed", change: changes.join("; ") };
}

function widens(link: MapLink, was: MapLink): boolean {
  if (link.crossing === "refused") return false;
  return order.indexOf(link.crossing) > order.indexOf(was.crossing) || link.partner !== was.partner || link.compartments.some((each) => !was.compartments.includes(each));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
