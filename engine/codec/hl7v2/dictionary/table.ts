import facts from "../../../../schemas/hl7v2/dictionary.json" with { type: "json" };

/** What one version says of a field of a segment, or of a component of a data type. */
export interface Part {
  /** The standard's name: `Patient Name`. */
  readonly name: string;
  /** `XPN`; `VARIES` where another field gives it. */
  readonly type: string;
  readonly repeats: boolean;
}

/** A segment or data type over all versions. */
export interface Definition {
  readonly name: string;
  /** First and last version that has it, as an index of `versions`. */
  readonly first: number;
  readonly last: number;
  /** By number, from 1; each a list of runs of versions. */
  readonly parts: readonly (readonly Run[])[];
}

export interface Run extends Part {
  readonly first: number;
  readonly last: number;
}

/** Versions the table knows, oldest first. */
export const versions: readonly string[] = facts.versions;

type Kind = "segments" | "types";
const read: Readonly<Record<Kind, Map<string, Definition>>> = { segments: new Map(), types: new Map() };

/** Read at first use and kept: 128 KB of text become objects only where somebody asks. */
export function definitionOf(kind: Kind, name: string): Definition | undefined {
  const known = read[kind].get(name);
  if (known !== undefined) return known;
  const texts: Readonly<Record<string, string>> = facts[kind];
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  if (text === undefined) return undefined;
  const made = definition(text);
  read[kind].set(name, made);
  return made;
}

/** Names of all definitions, whatever the version. */
export function namesOf(kind: Kind): readonly string[] {
  return Object.keys(facts[kind]);
}

/**
 * The version to read by: the one itself, else the newest that is not newer (`2.3.2` is read as 2.3.1, `2.9` as 2.8). `undefined` for what
 * is no version of HL7 v2, or older than all.
 */
export function versionIndex(version: string): number | undefined {
  const own = versions.indexOf(version);
  if (own >= 0) return own;
  if (!/^2(?:\.\d{1,2}){1,2}$/.test(version)) return undefined;
  const at = versions.findLastIndex((known) => compare(known, version) <= 0);
  return at < 0 ? undefined : at;
}

function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  return (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
}

function definition(text: string): Definition {
  const [head = "", ...parts] = text.split("|");
  return { first: indexAt(head, 0), last: indexAt(head, 1), name: head.slice(3), parts: parts.map(runs) };
}

function runs(text: string): Run[] {
  const out: Run[] = [];
  for (const piece of text === "" ? [] : text.split(";")) {
    const space = piece.indexOf(" ");
    const type = piece.slice(2, space < 0 ? undefined : space);
    const repeats = type.endsWith("*");
    const name = space < 0 ? (out.at(-1)?.name ?? "") : piece.slice(space + 1);
    out.push({ first: indexAt(piece, 0), last: indexAt(piece, 1), type: repeats ? type.slice(0, -1) : type, repeats, name });
  }
  return out;
}

function indexAt(text: string, at: number): number {
  return text.charCodeAt(at) - 97;
}
