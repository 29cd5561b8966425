import facts from "../../../../schemas/hl7v2/structures.json" with { type: "json" };
import { versionIndex, versions } from "../dictionary/table.ts";

/** What may stand at one place of a message: a segment, one of several segments, or a group of places. */
export interface Place {
  /** Segments that may stand here; empty for a group. `ANY`: whatever segment stands there. */
  readonly segments: readonly string[];
  /** Of a group: `PATIENT_RESULT`; empty for a segment. */
  readonly group: string;
  readonly inner: readonly Place[];
  readonly isRequired: boolean;
  readonly repeats: boolean;
}

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
  const reader = new Reader(text);
  const places = reader.places();
  const segments = new Set<string>();
  const collect = (list: readonly Place[]): void => {
    for (const place of list) {
      for (const segment of place.segments) segments.add(segment);
      collect(place.inner);
    }
  };
  collect(places);
  return { id, places, segments };
}

/** `MSH PATIENT?(PID NTE*) <OBR|RXO>+`. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  places(): Place[] {
    const out: Place[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== ")") {
      if (this.#text[this.#at] === " ") this.#at++;
      else out.push(this.#place());
    }
    return out;
  }

  #place(): Place {
    const [whole = "", choice, name = "", many = ""] = /^(?:<([^>]+)>|(\w+))([?*+]?)/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += whole.length;
    let inner: Place[] = [];
    const isGroup = this.#text[this.#at] === "(";
    if (isGroup) {
      this.#at++;
      inner = this.places();
      this.#at++;
    }
    const segments = isGroup ? [] : choice === undefined ? [name] : choice.split("|");
    return { segments, group: isGroup ? name : "", inner, isRequired: many === "" || many === "+", repeats: many === "*" || many === "+" };
  }
}
