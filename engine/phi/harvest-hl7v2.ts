import type { Tree } from "../codec/tree.ts";
import type { Collector } from "./collector.ts";
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

export function harvestHl7v2(tree: Tree, into: Collector): void {
  let place: Place | undefined;
  let parts: string[] = [];
  for (const { path, value } of tree.leaves()) {
    if (value === "" || value === '""') continue;
    const at = placeOf(path);
    if (at.row.reading === "none") continue;
    if (place && at.group !== place.group) {
      take(place.row, parts, into);
      parts = [];
    }
    place = at;
    const { component } = at;
    parts[component - 1] = parts[component - 1] === undefined ? value : `${parts[component - 1]} ${value}`;
  }
  if (place) take(place.row, parts, into);
}

function take({ kind, reading, strength }: Row, parts: readonly (string | undefined)[], into: Collector): void {
  const [first = "", second = "", third = "", ...rest] = parts;
  switch (reading) {
    case "id":
      return into.id(kind, first, strength);
    case "name":
      return into.name(kind, first, [second, third], strength);
    case "person":
      into.id(`id of ${kind}`, first, strength);
      return into.name(kind, second, [third, rest[0] ?? ""], strength);
    case "date":
      into.date(kind, first, strength);
      return;
    case "dates":
      for (const part of parts) if (part) into.date(kind, part, strength);
      return;
    case "address":
      into.id(kind, first, strength);
      into.id(kind, second, strength);
      into.whole("city", third, "weak");
      return into.zip("zip", rest[1] ?? "", strength === "strong" ? "medium" : "weak");
    case "phone":
      into.contact(kind, first, strength);
      into.contact(kind, rest[0] ?? "", strength);
      if (rest[3]) into.contact(kind, `${rest[2] ?? ""}${rest[3]}`, strength);
      return into.contact(kind, parts[11] ?? "", strength);
    case "free":
      for (const part of parts) if (part) into.free(kind, part);
      return;
    case "unknown":
      for (const part of parts) if (part) into.unknown(kind, part);
      return;
    default:
      return into.whole(kind, first, strength);
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
