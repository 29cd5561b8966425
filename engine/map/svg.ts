import type { BoundaryMap, Crossing } from "./boundary-map.ts";
import type { MarkedLink } from "./difference.ts";
import { type Column, column, sizes } from "./svg-column.ts";
import { lineOf, newly } from "./svg-line.ts";
import { legend } from "./svg-style.ts";
import { clipped, escaped, wrapped } from "./svg-text.ts";
import { placeOf, wordsOf } from "./words.ts";

const { width, box, hub, top } = sizes;
const head = `font-size="11.5" letter-spacing="0.9" fill="#53607a" font-weight="600"`;

/**
 * The map as one SVG, for a binder or a page. On the left who sends to the engine, is asked by it, or gets answers; on the right whom it sends to. Parties
 * stand in groups of their kind, one line for each link, with an arrow the way the data goes, a dot at the side that opens the connection, and words.
 */
export function svg(map: BoundaryMap, links: readonly MarkedLink[], title = "PHI boundary"): string {
  const [left, right] = [column(map.partners, links.filter(({ kind }) => kind !== "out")), column(map.partners, links.filter(({ kind }) => kind === "out"))];
  const bottom = Math.max(left.height, right.height, sizes.row) + top;
  const height = bottom + 180;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="map-title map-text" font-family="Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif">`,
    `<title id="map-title">${escaped(`${title} of ${map.project}`)}</title>`,
    `<desc id="map-text">${escaped(links.map(sentence).join(" "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="32" y="50" font-size="25" font-weight="700" fill="#14213d">${escaped(clipped(`${title} · ${map.project}`, 78))}</text>`,
    `<text x="32" y="76" font-size="14" fill="#53607a">${escaped(summary(map, links))}</text>`,
    `<text x="${box.left}" y="${top - 14}" ${head}>SEND TO US, OR ARE ASKED BY US</text><text x="${box.right}" y="${top - 14}" ${head}>RECEIVE FROM US</text>`,
    ...hubBox(map, bottom),
    ...drawn(left, "left"),
    ...drawn(right, "right"),
    legend(bottom + 22, links.some(({ mark }) => mark !== "same")),
    "</svg>",
    "",
  ].join("\n");
}

/** Its name stands where the page begins: a map of many partners is higher than a screen. */
function hubBox({ project, owner }: BoundaryMap, bottom: number): readonly string[] {
  const [x, y] = [hub.left + hub.width / 2, top + Math.min(170, (bottom - top) / 2 - 20)];
  const names = wrapped(project, 13, 3);
  return [
    `<rect x="${hub.left}" y="${top}" width="${hub.width}" height="${bottom - top}" rx="10" fill="#14213d"/>`,
    ...names.map((name, at) => `<text x="${x}" y="${y + at * 20}" text-anchor="middle" font-size="17" font-weight="700" fill="#fff">${escaped(name)}</text>`),
    `<text x="${x}" y="${y + names.length * 20 + 6}" text-anchor="middle" font-size="12.5" fill="#c9d3e8">${owner === project ? "Sluice" : escaped(clipped(`Sluice, for ${owner}`, 24))}</text>`,
  ];
}

function drawn({ groups, placed }: Column, side: "left" | "right"): readonly string[] {
  const x = box[side];
  return [
    ...groups.map(({ words, y }) => `<text x="${x}" y="${y}" font-size="12.5" font-weight="700" fill="#14213d">${escaped(words)}</text>`),
    ...placed.map(({ partner, links, y }) => {
      const height = links.length * sizes.row;
      const names = wrapped(partner.legalName, 33, 2);
      const middle = y + height / 2 - (names.length - 1) * 9;
      return [
        `<rect x="${x}" y="${y}" width="${box.width}" height="${height}" rx="8" fill="#f4f6fb" stroke="#b8c2d8"/>`,
        ...names.map((name, at) => `<text x="${x + 22}" y="${middle - 3 + at * 18}" font-size="13.5" font-weight="650" fill="#14213d">${escaped(name)}</text>`),
        `<text x="${x + 22}" y="${middle - 3 + names.length * 18}" font-size="12.5" fill="#53607a">${escaped(clipped(`${partner.kind} · ${partner.name}`, 37))}</text>`,
        ...links.map((link, at) => lineOf(link, y + at * sizes.row + sizes.row / 2, side)),
      ].join("\n");
    }),
  ];
}

function sentence(link: MarkedLink): string {
  const { partner, channel, kind } = link;
  const ways = { in: `${partner} ${link.opens === "us" ? "answers" : "sends to"} channel ${channel}`, ask: `Channel ${channel} asks ${partner}`, out: `${placeOf(link)} sends to ${partner}`, answer: `The ${placeOf(link)} goes back to ${partner}` };
  return `${ways[kind]}, ${link.standard}: ${[...wordsOf(link), ...(link.change === undefined ? [] : [`${newly(link)}${link.change}`])].join(", ")}.`;
}

/** Who gets what, as numbers: each partner once, by the most that may go there. */
function summary({ partners, inside }: BoundaryMap, links: readonly MarkedLink[]): string {
  const out = links.filter(({ direction, mark }) => direction === "out" && mark !== "gone");
  const rank: readonly Crossing[] = ["phi", "limited", "deidentified", "none", "refused"];
  const most = new Map(partners.map(({ name }) => [name, rank.find((crossing) => out.some((link) => link.partner === name && link.crossing === crossing))]));
  const to = (...crossings: readonly Crossing[]) => [...most.values()].filter((crossing) => crossing !== undefined && crossings.includes(crossing)).length;
  const parts = [
    `${partners.length} partners`, `${to("phi")} may receive PHI`, `${to("limited", "deidentified")} a limited or de-identified set`, `${to("none")} no PHI`,
    ...(to("refused") > 0 ? [`${to("refused")} nothing`] : []), `${partners.length - to(...rank)} only send`, ...(inside > 0 ? [`${inside} hand-offs inside`] : []),
  ];
  const crosses = links.filter(({ mark }) => mark === "crosses").length;
  return [...parts, ...(crosses > 0 ? [`${crosses} newly cross`] : [])].join("  ·  ");
}
