import type { Node } from "./graph.ts";
import { hdPieces, organizationHd } from "./identity.ts";
import type { At } from "./path.ts";
import { isEmpty, type Piece, type Repetition } from "./pieces.ts";
import type { Writing } from "./writing.ts";

/** Components of PL by location-physical-type. */
const levels: Readonly<Record<string, number>> = { bd: 3, ro: 2, wa: 1, bu: 7, lvl: 8, si: 4 };

/** PL: a place and those it is part of, each in the component of its kind; a kind that PL lacks counts as the point of care. */
export function plPieces(w: Writing, at: At): Repetition | undefined {
  const first = w.behind(at, "Location");
  if (first === undefined) return undefined;
  const out: Piece[] = [];
  if (first === at.value && first["resourceType"] === undefined) {
    const identifier = w.node(first, "identifier");
    out[0] = identifier === undefined ? "" : w.text(identifier, "value");
    if (identifier !== undefined) out[3] = hdPieces(w, w.text(identifier, "system"), undefined, at.root);
    out[8] = w.text(first, "display");
  }
  const seen = new Set<Node>();
  for (let place: Node | undefined = out.length > 0 ? undefined : first; place !== undefined && !seen.has(place); place = partOf(w, place)) {
    seen.add(place);
    const type = w.node(place, "physicalType");
    const coding = type && w.node(type, "coding");
    const level = levels[String(coding?.["code"] ?? "")] ?? 1;
    if (out[level - 1] !== undefined) continue;
    if (coding !== undefined && levels[String(coding["code"])] !== undefined) w.graph.mark([[coding, "code"], [coding, "system"], [coding, "display"]]);
    const hd = organizationHd(w, place);
    const name = typeof place["name"] === "string" ? place["name"] : "";
    // A place without a number is known by its name.
    if (hd.every((each) => each === "")) out[level - 1] = w.text(place, "name");
    else {
      out[level - 1] = hd;
      if (name === hd[0]) w.graph.mark([[place, "name"]]);
    }
    if (place === first) {
      out[8] = w.text(place, "description");
      if (place["status"] !== undefined) out[4] = w.text(place, "status");
    }
  }
  const pieces = Array.from(out, (piece) => piece ?? "");
  return isEmpty(pieces) ? undefined : pieces;
}

function partOf(w: Writing, place: Node): Node | undefined {
  const reference = w.node(place, "partOf");
  const found = reference && w.behind({ value: reference, holder: place, name: "partOf", root: place, marks: [], via: undefined }, "Location");
  return found?.["resourceType"] === "Location" ? found : undefined;
}
