import type { Problem } from "../../problem.ts";
import { segmentsOf } from "../dictionary/index.ts";
import { versionIndex, versions } from "../dictionary/table.ts";
import { type Line, nameOf } from "../lines.ts";
import type { Hl7Message } from "../message.ts";
import { oddName } from "../path.ts";
import { problemsOf } from "../problems.ts";
import type { Hl7Profile } from "../profile.ts";
import { arrange, type Misplacement } from "./arrange.ts";
import { checkFields } from "./fields.ts";
import { Findings } from "./findings.ts";
import { checkProfile } from "./by-profile.ts";
import { readStructure } from "./notation.ts";
import { type MessageStructure, structureFor, structureOf } from "./structures.ts";

// Not part of hl7v2/index.ts: the tables of structures are not linked into the isolate, and are loaded by those who ask alone.

/** One segment of a message, with where it stands. */
export interface Placed {
  readonly line: Line;
  readonly name: string;
  /** `OBX[2]`: counted over the whole text. */
  readonly path: string;
  /** Of the text, counted from 1. */
  readonly at: number;
}

/**
 * The strict reading of HL7 v2 by the version of each message (MSH-12): its structure, what is required, repetition, forms and codes of values,
 * lengths, and what the profile adds, in the order of the text. Oddities of the tolerant reading are among them; what leaves nobody to answer to is an error here.
 */
export function checkHl7(message: Hl7Message, profile?: Hl7Profile): readonly Problem[] {
  const findings = new Findings();
  for (const each of messagesOf(message)) checkMessage(each, profile, findings);
  const all = [...problemsOf(message).map(graver), ...findings.problems].sort((a, b) => a.line - b.line);
  return profile === undefined || profile.relax.length === 0 ? all : all.map((each) => (profile.relax.includes(each.code) ? mild(each) : each));
}

function mild({ severity: _, ...problem }: Problem): Problem {
  return problem;
}

function graver(problem: Problem): Problem {
  const standard = grave[problem.code];
  return standard === undefined ? problem : { ...problem, severity: "error", standard };
}

/** Oddities that the standard counts as errors, by their code of table 0357. */
const grave: Readonly<Record<string, string>> = { "HL7-201": "100", "HL7-202": "101", "HL7-203": "101", "HL7-204": "101", "HL7-205": "101" };

/** The segments of each message of the text; those of envelopes belong to none. */
export function messagesOf(message: Hl7Message): Placed[][] {
  const { head, lines } = message.body;
  const out: Placed[][] = [];
  const seen = new Map<string, number>();
  let at = 1 + breaksIn(head);
  for (const line of lines) {
    const name = nameOf(line);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    if (name === "MSH" && line.header) out.push([]);
    if (!envelope.has(name)) out.at(-1)?.push({ line, name, path: n === 1 ? name : `${name}[${n}]`, at });
    at += breaksIn(line.eol);
  }
  return out;
}

const envelope: ReadonlySet<string> = new Set(["FHS", "BHS", "BTS", "FTS"]);

function checkMessage(segments: readonly Placed[], profile: Hl7Profile | undefined, findings: Findings): void {
  const [header] = segments;
  if (header === undefined) return;
  const pieces = header.line.text.split(header.line.marks.field);
  const { component } = header.line.marks;
  const parts = (field: number) => (component === "" ? [pieces[field - 1] ?? ""] : (pieces[field - 1] ?? "").split(component));
  const [written = ""] = parts(12);
  const at = versionIndex(profile?.version ?? written);
  if (at === undefined && written !== "") findings.add("version", `${header.path}-12`, header.at);
  const version = at ?? versions.length - 1;
  const known = segmentsAt(version);
  const [code = "", trigger = "", named = ""] = parts(9);
  const standard = structureFor(versions[version], code, trigger, named);
  const own = profile && statedIn(profile, `${code}^${trigger}`, standard?.id ?? named);
  for (const { line, name, path, at: row } of segments) {
    if (name === oddName || name.startsWith("Z")) continue;
    if (known.has(name)) checkFields(line, { name, path, line: row, at: version }, findings);
    else if (!own?.segments.has(name) && !(profile && Object.hasOwn(profile.segments, name))) findings.add("unknownSegment", path, row);
  }
  const structure = own ?? standard;
  if (structure === undefined) {
    // A message of the site is its own business.
    if (code !== "" && !code.startsWith("Z") && !trigger.startsWith("Z")) findings.add("type", `${header.path}-9`, header.at);
  } else {
    // A structure that a profile states is whole: a segment of the site has a place in it, or the profile lets it stand elsewhere, or it has none.
    const isStray = (name: string) => own !== undefined && name.startsWith("Z") && !Object.hasOwn(profile?.segments ?? {}, name);
    const isPlaced = (name: string) => own?.segments.has(name) || (known.has(name) && profile?.segments[name]?.after === undefined) || isStray(name);
    const placed = segments.filter(({ name }) => isPlaced(name));
    tell(arrange(placed.map(({ name }) => name), structure, own !== undefined).faults, placed, findings);
  }
  if (profile !== undefined) checkProfile(segments, profile, version, findings);
}

const stated = new WeakMap<Hl7Profile, ReadonlyMap<string, MessageStructure>>();

/** The structure that a profile states for a message, by what MSH-9 says, else by the id of its structure. */
function statedIn(profile: Hl7Profile, event: string, id: string): MessageStructure | undefined {
  let structures = stated.get(profile);
  if (structures === undefined) {
    structures = new Map(Object.entries(profile.structures ?? {}).map(([name, text]) => [name, structureOf(name.replace("^", "_"), readStructure(text).places)]));
    stated.set(profile, structures);
  }
  return structures.get(event) ?? structures.get(id);
}

const namesAt = new Map<number, ReadonlySet<string>>();

/** Names of the segments of a version. */
function segmentsAt(version: number): ReadonlySet<string> {
  let names = namesAt.get(version);
  if (names === undefined) namesAt.set(version, (names = new Set(segmentsOf(versions[version]))));
  return names;
}

function tell(faults: readonly Misplacement[], segments: readonly Placed[], findings: Findings): void {
  const last = segments.at(-1) as Placed;
  for (const { kind, segment, at } of faults) {
    const place = segments[at];
    if (kind === "missing") findings.add("segmentMissing", segment, (place ?? last).at);
    else findings.add(kind === "repeated" ? "segmentRepeats" : "segmentOrder", (place ?? last).path, (place ?? last).at);
  }
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
