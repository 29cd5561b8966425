import facts from "../../../../schemas/x12/definitions.json" with { type: "json" };
import type { CompositeDefinition, ElementDefinition, PartDefinition, RelationalNote, SegmentDefinition } from "./structure.ts";

// `version` is `005010` or `004010`; another is read as the newest of these that is not newer, and 5010 where there is none.

type Table = Readonly<Record<string, string>>;
type Kind = "segments" | "composites" | "elements";

const read = new Map<string, unknown>();

/** `NM1` and its elements; `undefined` for a segment that no grammar here has. */
export function segmentDefinition(version: string, id: string): SegmentDefinition | undefined {
  return kept("segments", version, id, (text) => {
    const { name, parts, notes } = shape(text);
    return { id, name, elements: parts, notes };
  });
}

/** `C003` and its components. */
export function compositeDefinition(version: string, id: string): CompositeDefinition | undefined {
  return kept("composites", version, id, (text) => {
    const { name, parts, notes } = shape(text);
    return { id, name, components: parts, notes };
  });
}

/** Data element `1035`. */
export function elementDefinition(version: string, number: string): ElementDefinition | undefined {
  return kept("elements", version, number, (text) => {
    const [name = "", form = "", codes] = text.split("|");
    const [type = "AN", min, max] = form.split(" ");
    return { number, name, type: type as ElementDefinition["type"], min: Number(min), max: Number(max), ...(codes && { codes: codes.split(",") }) };
  });
}

/** Ids of every segment that a version has here. */
export function segmentIds(version: string): readonly string[] {
  return [...new Set([...Object.keys(older(version)?.segments ?? {}), ...Object.keys(facts.segments)])];
}

/** What an element or a component is called: `Name last or organization` for NM103; of a composite without a component its own name. */
export function nameOf(version: string, segment: string, element: number, component = 0): string | undefined {
  const part = segmentDefinition(version, segment)?.elements[element - 1];
  if (part === undefined) return undefined;
  const composite = compositeDefinition(version, part.number);
  if (composite === undefined) return component > 1 ? undefined : elementDefinition(version, part.number)?.name;
  const inner = composite.components[component - 1];
  return component === 0 || inner === undefined ? composite.name : elementDefinition(version, inner.number)?.name;
}

function older(version: string): Partial<Readonly<Record<Kind, Table>>> | undefined {
  return version >= "005" || !/^00\d/.test(version) ? undefined : facts["004010"];
}

function kept<T>(kind: Kind, version: string, id: string, make: (text: string) => T): T | undefined {
  const before = older(version)?.[kind];
  const old = before !== undefined && Object.hasOwn(before, id);
  const key = `${kind} ${id} ${old}`;
  if (read.has(key)) return read.get(key) as T;
  const table: Table = old ? before : facts[kind];
  const text = Object.hasOwn(table, id) ? table[id] : undefined;
  if (text === undefined) return undefined;
  const made = make(text);
  read.set(key, made);
  return made;
}

/** `Name|98M 1065M 1035X 1271O*99|P0809 C1110`. */
function shape(text: string): { readonly name: string; readonly parts: readonly PartDefinition[]; readonly notes: readonly RelationalNote[] } {
  const [name = "", parts = "", notes = ""] = text.split("|");
  return { name, parts: words(parts).map(part), notes: words(notes).map(note) };
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

function part(word: string): PartDefinition {
  const [, number = "", usage = "O", repeat = "1"] = /^([A-Z]?\d+)([MOX])(?:\*(\d+))?$/.exec(word) ?? [];
  return { number, usage: usage as PartDefinition["usage"], repeat: Number(repeat) };
}

function note(word: string): RelationalNote {
  return { kind: word[0] as RelationalNote["kind"], elements: word.slice(1).match(/\d\d/g)?.map(Number) ?? [] };
}
