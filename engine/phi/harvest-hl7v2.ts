import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
import { harvestValue } from "./harvest-value.ts";
import { hl7Rows, unknownRow, type Row } from "./policy.ts";

interface Place {
  readonly row: Row;
  /** Segment, field and repetition: the parts of one name share it. */
  readonly group: string;
  readonly component: number;
}

/** Paths repeat from message to message; their meaning is looked up once. Bounded, since messages choose segment names. */
const places = new Map<string, Place>();
const mostPlaces = 20_000;

/** A component that is divided further: its pieces count each for itself too, as in a street of name and number. */
interface Piece {
  readonly component: number;
  readonly value: string;
}

export function harvestHl7v2(tree: Tree, into: Collector): void {
  let place: Place | undefined;
  let parts: string[] = [];
  let pieces: Piece[] = [];
  for (const { path, value } of tree.leaves()) {
    if (value === "" || value === '""') continue;
    const at = placeOf(path);
    if (at.row.reading === "none") continue;
    if (place && at.group !== place.group) {
      takeAll(place.row, parts, pieces, into);
      parts = [];
      if (pieces.length > 0) pieces = [];
    }
    place = at;
    const { component } = at;
    const before = parts[component - 1];
    if (before === undefined) parts[component - 1] = value;
    else {
      if (pieces.at(-1)?.component !== component) pieces.push({ component, value: before });
      pieces.push({ component, value });
      parts[component - 1] = `${before} ${value}`;
    }
  }
  if (place) takeAll(place.row, parts, pieces, into);
}

/** The components joined as they stand, and once more with each piece in the place of its component. */
function takeAll(row: Row, parts: readonly (string | undefined)[], pieces: readonly Piece[], into: Collector): void {
  take(row, parts, into);
  for (const { component, value } of pieces) {
    if (row.reading === "all dates" || row.reading === "free" || row.reading === "unknown") harvestValue(row, value, into);
    else take(row, Array.from(parts).with(component - 1, value), into);
  }
}

function take(row: Row, parts: readonly (string | undefined)[], into: Collector): void {
  const { kind, reading, strength } = row;
  const part = (component: number) => parts[component - 1] ?? "";
  switch (reading) {
    case "name":
      into.name(kind, part(1), [part(2), part(3)], strength);
      break;
    case "person":
      into.id(`id of ${kind}`, part(1), strength);
      into.name(kind, part(2), [part(3), part(4)], strength);
      break;
    case "address":
      into.id(kind, part(1), strength);
      into.id(kind, part(2), strength);
      into.whole("city", part(3), "weak");
      into.zip("zip", part(5), strength === "strong" ? "medium" : "weak");
      break;
    case "contact":
      for (const value of [part(1), part(4), `${part(6)}${part(7)}`, part(12)]) into.contact(kind, value, strength);
      break;
    case "all dates":
    case "free":
    case "unknown":
      for (const value of parts) if (value) harvestValue(row, value, into);
      break;
    default:
      harvestValue(row, part(1), into);
  }
}

function placeOf(path: string): Place {
  const known = places.get(path);
  if (known) return known;
  const [, segment = "", field = "", component = "1"] = /^(\w+)(?:\[\d+\])?(?:-(\d+)(?:\[\d+\])?)?(?:\.(\d+))?/.exec(path) ?? [];
  const place = {
    row: hl7Rows.get(`${segment}-${field}`) ?? hl7Rows.get(`${segment}-*`) ?? unknownRow,
    group: path.replace(/\..*$/, ""),
    component: Math.min(Number(component), 64),
  };
  if (places.size < mostPlaces) places.set(path, place);
  return place;
}
