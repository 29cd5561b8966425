import type { MapPartner } from "./boundary-map.ts";
import type { MarkedLink } from "./difference.ts";
import { kindRank, kindWords } from "./words.ts";

/** Sizes in pixels. `row`: one link; `gap`: between boxes; `head`: the line above a group. */
export const sizes = {
  width: 1440,
  box: { width: 262, left: 32, right: 1440 - 32 - 262 },
  hub: { left: 642, width: 156 },
  row: 68,
  gap: 14,
  head: 30,
  top: 128,
} as const;

export interface PlacedPartner {
  readonly partner: MapPartner;
  readonly links: readonly MarkedLink[];
  readonly y: number;
}

export interface Column {
  readonly groups: readonly { readonly words: string; readonly y: number }[];
  readonly placed: readonly PlacedPartner[];
  readonly height: number;
}

/** Partners one below the other, in groups of their kind; in a group by name, so that two maps can be laid side by side. */
export function column(partners: readonly MapPartner[], links: readonly MarkedLink[]): Column {
  const known = new Map(partners.map((partner) => [partner.name, partner]));
  const named = [...new Set(links.map(({ partner }) => partner))].map((name) => known.get(name) ?? { name, legalName: name, kind: "no longer there" });
  const groups: { words: string; y: number }[] = [];
  const placed: PlacedPartner[] = [];
  let y = sizes.top;
  for (const partner of named.toSorted((a, b) => kindRank(a.kind) - kindRank(b.kind) || (a.name < b.name ? -1 : 1))) {
    const words = partner.kind === "no longer there" ? "No longer there" : kindWords(partner.kind);
    if (groups.at(-1)?.words !== words) {
      groups.push({ words, y: y + 18 });
      y += sizes.head;
    }
    const own = inTalk(links.filter((link) => link.partner === partner.name));
    placed.push({ partner, links: own, y });
    y += own.length * sizes.row + sizes.gap;
  }
  return { groups, placed, height: y - sizes.top };
}

/** A question stands above what comes back on it, an answer below what it answers. */
function inTalk(links: readonly MarkedLink[]): readonly MarkedLink[] {
  const rank = { ask: 0, in: 1, out: 1, answer: 2 } as const;
  return links.toSorted((a, b) => (a.channel === b.channel ? rank[a.kind] - rank[b.kind] || (a.id < b.id ? -1 : 1) : a.channel < b.channel ? -1 : 1));
}
