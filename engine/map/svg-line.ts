import type { MarkedLink } from "./difference.ts";
import { sizes } from "./svg-column.ts";
import { type Line, looks } from "./svg-style.ts";
import { escaped, fitted } from "./svg-text.ts";
import { placeOf, wordsOf } from "./words.ts";

const { box, hub, row } = sizes;
/** Pixels for words between a box and the hub. */
const room = hub.left - box.left - box.width - 16;

/** One link at height `y`: its line between a partner's box and the hub, and four lines of words around it. */
export function lineOf(link: MarkedLink, y: number, side: "left" | "right"): string {
  const [partnerEdge, hubEdge] = side === "left" ? [box.left + box.width, hub.left] : [box.right, hub.left + hub.width];
  const [from, to] = link.direction === "in" ? [partnerEdge, hubEdge] : [hubEdge, partnerEdge];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const kind: Line = link.mark === "gone" ? "gone" : link.crossing;
  const { colour } = looks[kind];
  const [what = "", ...why] = wordsOf(link);
  const reason = link.change === undefined ? why.join(" · ") : `${newly(link)}${link.change}`;
  const middle = (low + high) / 2;
  return [
    link.mark === "crosses" ? `<rect x="${low + 4}" y="${y - 33}" width="${high - low - 8}" height="${row - 3}" rx="6" fill="#fff3cd" stroke="#b7791f"/>` : "",
    stroke(kind, from, to, y),
    opener(link, side, y),
    words(middle, y - 20.5, placeOf(link), 12.5, ' font-weight="650" fill="#14213d"'),
    words(middle, y - 8, link.standard, 11, grey),
    words(middle, y + 15.5, what, 12, ` font-weight="650" fill="${colour}"${kind === "gone" ? ' text-decoration="line-through"' : ""}`),
    words(middle, y + 28.5, reason, 11, grey, [...why, link.change ?? ""].join(" ").trim()),
  ].join("");
}

const grey = ' fill="#53607a"';

/** One line of words; what is cut or left out of it stands whole in its title. */
function words(x: number, y: number, text: string, size: number, look: string, whole = text): string {
  const { shown, isClose } = fitted(text, size, room);
  const close = isClose ? ` textLength="${room}" lengthAdjust="spacingAndGlyphs"` : "";
  return `<text x="${x}" y="${y}" text-anchor="middle" font-size="${size}"${look}${close}>${escaped(shown)}<title>${escaped(whole)}</title></text>`;
}

/** The line with its arrow the way the data goes, or cut with a cross before it gets there. */
function stroke(kind: Line, from: number, to: number, y: number): string {
  const { colour, stroke } = looks[kind];
  const way = to > from ? 1 : -1;
  const end = kind === "refused" ? to - way * 30 : to - way * 9;
  const path = kind === "none" ? `M${from} ${y - 2.5}H${end}M${from} ${y + 2.5}H${end}` : `M${from} ${y}H${end}`;
  const head = kind === "refused" ? `<path ${stroke} d="M${to - way * 22 - 7} ${y - 7}l14 14m0 -14l-14 14"/>` : `<path fill="${colour}" d="M${to - way} ${y}l${-way * 11} -6.5v13z"/>`;
  return `<path ${stroke} d="${path}"/>${head}`;
}

/** A dot inside the box of whoever opens the connection. */
function opener({ opens }: MarkedLink, side: "left" | "right", y: number): string {
  const inward = side === "left" ? 1 : -1;
  const x = opens === "us" ? (side === "left" ? hub.left : hub.left + hub.width) + inward * 9 : (side === "left" ? box.left + box.width : box.right) - inward * 9;
  return `<circle cx="${x}" cy="${y}" r="4" fill="${opens === "us" ? "#fff" : "#14213d"}"/>`;
}

export function newly({ mark }: MarkedLink): string {
  return mark === "crosses" ? "newly crosses: " : mark === "changed" ? "changed: " : "";
}
