import facts from "../../../../schemas/hl7v2/structures.json" with { type: "json" };
import { versionIndex, versions } from "../dictionary/table.ts";
import { type Place, readStructure, segmentsIn } from "./notation.ts";

export interface MessageStructure {
  /** `ORU_R01`. */
  readonly id: string;
  readonly places: readonly Place[];
  /** Every segment that it has a place for. */
  readonly segments: ReadonlySet<string>;
}

const texts: Readonly<Record<string, string>> = facts.structures;
const events: Readonly<Record<string, string>> = facts.events;
const read = new Map<string, MessageStructure | undefined>();

/**
 * The structure of a message by MSH-9: its third component where it names one of the version, else what the version gives message and trigger.
 * `undefined` for one that the tables do not hold. `version` as in MSH-12.1; undefined: the newest.
 */
export function structureFor(version: string | undefined, code: string, trigger: string, named = ""): MessageStructure | undefined {
  const at = (version === undefined ? undefined : versionIndex(version)) ?? versions.length - 1;
  const own = trigger === "" ? code : `${code}_${trigger}`;
  // An acknowledgement of any event is the same; until 2.3 messages had no structure of their own.
  const names = [named, own, events[own] ?? "", ...(code === "ACK" || code === "MCF" ? ["ACK"] : [])];
  for (const name of names) {
    const found = name === "" ? undefined : structureAt(name, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Ids of all structures, whatever the version. */
export function structureIds(): readonly string[] {
  return Object.keys(texts);
}

function structureAt(id: string, at: number): MessageStructure | undefined {
  const key = `${id} ${at}`;
  if (!read.has(key)) {
    const text = textAt(id, at);
    read.set(key, text === undefined ? undefined : structure(id, text));
  }
  return read.get(key);
}

function textAt(id: string, at: number): string | undefined {
  if (!Object.hasOwn(texts, id)) return undefined;
  for (const run of (texts[id] as string).split(";")) {
    const [first, last] = [run.charCodeAt(0) - 97, run.charCodeAt(1) - 97];
    if (first > at || at > last) continue;
    const text = run.slice(3);
    // The same as what another structure, or this one, was at a version.
    return text.startsWith("=") ? textAt(text.slice(2), text.charCodeAt(1) - 97) : text;
  }
  return undefined;
}

function structure(id: string, text: string): MessageStructure {
  return structureOf(id, readStructure(text).places);
}

/** A structure of places, such as a profile states. */
export function structureOf(id: string, places: readonly Place[]): MessageStructure {
  return { id, places, segments: segmentsIn(places) };
}
