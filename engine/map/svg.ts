import type { BoundaryMap, Crossing, MapPartner } from "./boundary-map.ts";
import type { MarkedLink } from "./difference.ts";
import { clipped, escaped, wrapped } from "./svg-text.ts";
import { legend, type Line, looks } from "./svg-style.ts";
import { placeOf, wordsOf } from "./words.ts";

const width = 1300;
const box = { width: 236, left: 32, right: width - 32 - 236 } as const;
const hub = { left: 553, width: 194 } as const;
const row = 74;
const gap = 26;
const top = 132;

const head = `font-size="11.5" letter-spacing="0.9" fill="#53607a" font-weight="600"`;
const small = `text-anchor="middle" font-size="11" fill="#53607a"`;

interface Placed {
  readonly partner: MapPartner;
  readonly links: readonly MarkedLink[];
  readonly y: number;
}

/** The map as one SVG, for a binder or a page: who sends on the left, who receives on the right, one line for each link, and words beside each. */
export function svg(map: BoundaryMap, links: readonly MarkedLink[], title = "PHI boundary"): string {
  const side = (direction: MarkedLink["direction"]) => column(map.partners, links.filter((link) => link.direction === direction));
  const [left, right] = [side("in"), side("out")];
  const bottom = Math.max(...[left, right].map(({ height }) => height), row) + top;
  const height = bottom + 180;
  const drawn = [...left.placed.map((each) => partnerBox(each, "in")), ...right.placed.map((each) => partnerBox(each, "out"))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="map-title map-text" font-family="Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif">`,
    `<title id="map-title">${escaped(`${title} of ${map.project}`)}</title>`,
    `<desc id="map-text">${escaped(links.map(sentence).join(" "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="32" y="50" font-size="25" font-weight="700" fill="#14213d">${escaped(clipped(`${title} · ${map.project}`, 72))}</text>`,
    `<text x="32" y="76" font-size="14" fill="#53607a">${escaped(summary(map, links))}</text>`,
    `<text x="${box.left}" y="${top - 18}" ${head}>SENDS TO US</text><text x="${box.right}" y="${top - 18}" ${head}>RECEIVES FROM US</text>`,
    `<rect x="${hub.left}" y="${top}" width="${hub.width}" height="${bottom - top - gap}" rx="10" fill="#14213d"/>`,
    ...lines(wrapped(map.project, 14, 3), hub.left + hub.width / 2, (top + bottom - gap) / 2 - 4, 20, `text-anchor="middle" font-size="17" font-weight="700" fill="#fff"`),
    `<text x="${hub.left + hub.width / 2}" y="${(top + bottom - gap) / 2 + 44}" text-anchor="middle" font-size="12.5" fill="#c9d3e8">${map.owner === map.project ? "Sluice" : escaped(clipped(`Sluice, for ${map.owner}`, 28))}</text>`,
    ...drawn,
    legend(bottom + 14, links.some(({ mark }) => mark !== "same")),
    "</svg>",
    "",
  ].join("\n");
}

function column(partners: readonly MapPartner[], links: readonly MarkedLink[]): { readonly placed: readonly Placed[]; readonly height: number } {
  let y = top;
  const placed: Placed[] = [];
  const known = new Map(partners.map((partner) => [partner.name, partner]));
  for (const name of new Set(links.map(({ partner }) => partner))) {
    const own = links.filter((link) => link.partner === name);
    placed.push({ partner: known.get(name) ?? { name, legalName: name, kind: "no longer there" }, links: own, y });
    y += own.length * row + gap;
  }
  return { placed, height: y - top };
}

function partnerBox({ partner, links, y }: Placed, direction: MarkedLink["direction"]): string {
  const x = direction === "in" ? box.left : box.right;
  const height = links.length * row;
  const names = wrapped(partner.legalName, 27, 2);
  return [
    `<rect x="${x}" y="${y}" width="${box.width}" height="${height}" rx="8" fill="#f4f6fb" stroke="#b8c2d8"/>`,
    ...lines(names, x + 14, y + height / 2 - 3 - (names.length - 1) * 8, 18, `font-size="14.5" font-weight="650" fill="#14213d"`),
    `<text x="${x + 14}" y="${y + height / 2 + 17 + (names.length - 1) * 8}" font-size="12.5" fill="#53607a">${escaped(clipped(`${partner.kind} · ${partner.name}`, 34))}</text>`,
    ...links.map((link, at) => line(link, y + at * row + row / 2, direction)),
  ].join("\n");
}

function line(link: MarkedLink, y: number, direction: MarkedLink["direction"]): string {
  const [from, to] = direction === "in" ? [box.left + box.width, hub.left] : [hub.left + hub.width, box.right];
  const end = to - 9;
  const kind: Line = link.mark === "gone" ? "gone" : link.crossing;
  const { colour, stroke } = looks[kind];
  const path = kind === "none"
    ? `<path ${stroke} d="M${from} ${y - 2.5}H${end}M${from} ${y + 2.5}H${end}"/>`
    : `<path ${stroke} d="M${from} ${y}H${kind === "refused" ? to - 30 : end}"/>`;
  const head = kind === "refused"
    ? `<path ${stroke} d="M${to - 29} ${y - 7}l14 14m0 -14l-14 14"/>`
    : `<path fill="${colour}" d="M${to - 1} ${y}l-11 -6.5v13z"/>`;
  const [what = "", ...why] = wordsOf(link);
  const middle = (from + to) / 2;
  const chars = 42;
  // Under which agreement and for what is what people look for: a little too long, it is set closer and not cut.
  const reason = clipped(link.change === undefined ? why.join(" · ") : `${newly(link)}${link.change}`, chars + 6);
  return [
    link.mark === "crosses" ? `<rect x="${from + 4}" y="${y - 32}" width="${to - from - 8}" height="66" rx="6" fill="#fff3cd" stroke="#b7791f"/>` : "",
    path,
    head,
    `<text x="${middle}" y="${y - 19}" text-anchor="middle" font-size="12.5" font-weight="650" fill="#14213d">${escaped(clipped(placeOf(link), 36))}<title>${escaped(placeOf(link))}</title></text>`,
    `<text x="${middle}" y="${y - 6.5}" ${small}>${escaped(clipped(link.standard, chars))}</text>`,
    `<text x="${middle}" y="${y + 15}" text-anchor="middle" font-size="12" font-weight="650" fill="${colour}"${kind === "gone" ? ' text-decoration="line-through"' : ""}>${escaped(clipped(what, chars))}</text>`,
    `<text x="${middle}" y="${y + 28}" ${small}${reason.length > chars ? ` textLength="${to - from - 12}" lengthAdjust="spacingAndGlyphs"` : ""}>${escaped(reason)}<title>${escaped([...why, link.change ?? ""].join(" "))}</title></text>`,
  ].join("");
}

/** Lines of one text, `step` apart. */
function lines(texts: readonly string[], x: number, y: number, step: number, look: string): readonly string[] {
  return texts.map((text, at) => `<text x="${x}" y="${y + at * step}" ${look}>${escaped(text)}</text>`);
}

function newly({ mark }: MarkedLink): string {
  return mark === "crosses" ? "newly crosses: " : mark === "changed" ? "changed: " : "";
}

function sentence(link: MarkedLink): string {
  const way = link.direction === "in" ? `${link.partner} sends to channel ${link.channel}` : `${placeOf(link)} sends to ${link.partner}`;
  return `${way}, ${link.standard}: ${[...wordsOf(link), ...(link.change === undefined ? [] : [`${newly(link)}${link.change}`])].join(", ")}.`;
}

/** Who gets what, as numbers. */
function summary({ partners, inside }: BoundaryMap, links: readonly MarkedLink[]): string {
  const out = links.filter(({ direction, mark }) => direction === "out" && mark !== "gone");
  const to = (crossing: Crossing) => new Set(out.filter((link) => link.crossing === crossing).map(({ partner }) => partner)).size;
  const parts = [
    `${partners.length} partners`, `${to("phi")} receive PHI`, `${to("limited") + to("deidentified")} a limited or de-identified set`, `${to("none")} no PHI`,
    ...(to("refused") > 0 ? [`${to("refused")} nothing`] : []), ...(inside > 0 ? [`${inside} hand-offs inside`] : []),
  ];
  const crosses = links.filter(({ mark }) => mark === "crosses").length;
  return [...parts, ...(crosses > 0 ? [`${crosses} newly cross`] : [])].join("  ·  ");
}
