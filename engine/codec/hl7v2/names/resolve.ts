import facts from "../../../../schemas/hl7v2/names.json" with { type: "json" };
import { aliases } from "./aliases.ts";

/** A place by numbers, as `path.ts` has it. */
export interface NamedPlace {
  readonly segment: string;
  readonly index: number;
  readonly field: number;
  readonly repetition: number;
  readonly component: number;
  readonly subcomponent: number;
}

/** Why a path with names leads nowhere: the name that is not known, and those that could stand there. */
export interface UnknownName {
  readonly name: string;
  readonly known: readonly string[];
}

type Names = Readonly<Record<string, string>>;
const segments: Names = facts.segments;
const types: Names = facts.types;

/** Whether a path is written with names: `patient.name.family`, `PID.patientName`, `OBX[3].observationValue`. */
export function isNamedPath(path: string): boolean {
  const first = path.charCodeAt(0);
  if (first >= 97 && first <= 122) return true;
  const behind = path.charCodeAt(3);
  return behind === 46 || (behind === 91 && path.charCodeAt(path.indexOf("]") + 1) === 46);
}

/**
 * The place that a path with names means. `segment`: the path goes on inside a segment of this name (`patientName.familyName`). Levels of 0 are not named: a
 * path may end at a segment.
 */
export function resolveNames(path: string, segment = ""): NamedPlace | UnknownName {
  // Most are a short name and nothing else.
  if (segment === "" && Object.hasOwn(aliases, path)) return placeOf(aliases[path] as string);
  const steps = path.split(".").map(stepOf);
  if (steps.some((step) => step === undefined)) return { name: path, known: [] };
  const [first, ...rest] = steps as Step[];
  if (first === undefined) return { name: path, known: [] };
  if (segment !== "") return inside({ segment, index: 0, field: 0, repetition: 0, component: 0, subcomponent: 0 }, "", steps as Step[]);
  if (/^[A-Z][A-Z0-9]{2}$/.test(first.name)) return inside({ ...nowhere, segment: first.name, index: first.index }, "", rest);
  return aliased(steps as Step[]);
}

interface Step {
  readonly name: string;
  readonly index: number;
}

const nowhere: NamedPlace = { segment: "", index: 0, field: 0, repetition: 0, component: 0, subcomponent: 0 };

/** `name[2]`; at most four digits, as in paths of numbers. */
function stepOf(text: string): Step | undefined {
  const [, name = "", index = ""] = /^([A-Za-z][A-Za-z0-9]*|[1-9]\d{0,3})(?:\[([1-9]\d{0,3})\])?$/.exec(text) ?? [];
  return name === "" ? undefined : { name, index: Number(index) };
}

/** The longest run of names that has a short name, then the standard's. */
function aliased(steps: readonly Step[]): NamedPlace | UnknownName {
  let place: NamedPlace = nowhere;
  let used = 0;
  let prefix = "";
  for (const [i, { name, index }] of steps.entries()) {
    prefix += i === 0 ? name : `.${name}`;
    const numbers = Object.hasOwn(aliases, prefix) ? aliases[prefix] : undefined;
    if (numbers === undefined) break;
    const next = placeOf(numbers);
    if (index > 0 && next.component > 0) return { name, known: [] };
    place = {
      ...next,
      index: next.field === 0 ? index : place.index,
      // What names another field begins with its own repetitions.
      repetition: next.field > 0 && next.component === 0 ? index : next.field === place.field ? place.repetition : 0,
    };
    used = i + 1;
  }
  if (used === 0) return { name: steps[0]?.name ?? "", known: [...new Set(Object.keys(aliases).map((alias) => alias.split(".")[0] ?? ""))] };
  if (used === steps.length) return place;
  const behind = inside(place, typeAt(place), steps.slice(used));
  if (!("known" in behind)) return behind;
  const begin = `${steps.slice(0, used).map(({ name }) => name).join(".")}.`;
  const more = Object.keys(aliases).flatMap((alias) => (alias.startsWith(begin) ? [alias.slice(begin.length).split(".")[0] ?? ""] : []));
  return { name: behind.name, known: [...new Set([...more, ...behind.known])] };
}

/** `PID`, `PID-5` or `PID-5.1`, as short names have them. */
function placeOf(numbers: string): NamedPlace {
  const dot = numbers.indexOf(".");
  const field = numbers.length === 3 ? 0 : Number(numbers.slice(4, dot < 0 ? undefined : dot));
  return { segment: numbers.slice(0, 3), index: 0, field, repetition: 0, component: dot < 0 ? 0 : Number(numbers.slice(dot + 1)), subcomponent: 0 };
}

/** Goes on from a place by names of fields, and by names or numbers of components and subcomponents. */
function inside(from: NamedPlace, typeName: string, steps: readonly Step[]): NamedPlace | UnknownName {
  let place = from;
  let type = typeName;
  for (const { name, index } of steps) {
    const parts = place.field === 0 ? partsOf(segments, place.segment) : partsOf(types, type);
    // A field by number is written with a dash.
    const at = /^\d/.test(name) && place.field !== 0 ? Number(name) : parts.findIndex((part) => part === name || part.startsWith(`${name}:`)) + 1;
    const level = place.field === 0 ? "field" : place.component === 0 ? "component" : place.subcomponent === 0 ? "subcomponent" : undefined;
    if (at === 0 || level === undefined || (index > 0 && level !== "field")) return { name, known: level === undefined ? [] : parts.flatMap((part) => part.split(":")[0] || []) };
    place = { ...place, [level]: at, ...(level === "field" ? { repetition: index } : {}) };
    type = parts[at - 1]?.split(":")[1] ?? "";
  }
  return place;
}

function typeAt({ segment, field, component }: NamedPlace): string {
  if (field === 0) return "";
  const type = partsOf(segments, segment)[field - 1]?.split(":")[1] ?? "";
  return component === 0 ? type : (partsOf(types, type)[component - 1]?.split(":")[1] ?? "");
}

function partsOf(names: Names, name: string): readonly string[] {
  return Object.hasOwn(names, name) ? (names[name] as string).split("|") : [];
}

/** Whether a resolved path is a place. */
export function isPlace(found: NamedPlace | UnknownName): found is NamedPlace {
  return "segment" in found;
}
