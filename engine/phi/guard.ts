import type { DestinationSpec, Partner } from "../config/project.ts";
import type { Envelope } from "../sdk/index.ts";
import { misaddressed } from "./address.ts";
import type { Label, Refusal } from "./boundary.ts";
import { takenBy } from "./closed-list.ts";
import { resourceTypes } from "./brief.ts";
import { configuredIn, wordsConfiguredIn } from "./configured.ts";
import { covers } from "./flow-rule.ts";
import { policyOf } from "./deidentify/formats.ts";
import { glue } from "./decode/glued.ts";
import { hasCheckDigit, standsDeidentified, standsLimited } from "./deidentify/stands.ts";
import type { MessageHarvest } from "./harvest.ts";
import type { Memory } from "./memory/memory.ts";
import { search, type SearchOptions } from "./search.ts";
import { serverIdsFlaw, withoutServerIds } from "./server-ids.ts";
import { isStructureOfFormat, isWordOf, nowhere } from "./structure.ts";
import { unvalidated } from "./validated.ts";

export interface Guarded {
  readonly envelope: Envelope;
  readonly harvest: MessageHarvest;
  readonly label: Label;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  /** Values that the engine itself made for this message, such as its id. */
  readonly exempt: readonly string[];
  /** What of its names the engine made: parts of a name. */
  readonly minted: readonly string[];
  /** An emergency access lifts what is only a guess: medium and weak hits. */
  readonly liftsHold?: boolean;
  /** Owners of the message's data, and what was seen of theirs and others'. */
  readonly owners: readonly string[];
  readonly memory: Memory;
}

/** Reads every part of an envelope; the body too, unless the partner may hold patient data and this destination declares that it sends it. */
export function guard(input: Guarded): Refusal | undefined {
  const { envelope, harvest, destination, partner } = input;
  const astray = misaddressed(envelope, partner);
  if (astray) return { code: "PHI-208", rule: "pinned", where: astray };
  const isCleared = mayHoldPatients(input);
  const flaw = serverIdsFlaw(envelope, isCleared && partner.urlIds === "acknowledged", harvest.raw);
  if (flaw) return flaw;
  let taken: ReadonlySet<string> | undefined;
  const options = (allowed: Tolerated, isStructure: SearchOptions["isStructure"]): SearchOptions => {
    taken ??= new Set([...takenBy(destination.only, harvest), ...harvest.minted, ...input.exempt]);
    const open = { taken, isStructure, countsSerials: allowed !== deidentified && allowed !== datesMoved, ...allowed, exit: { hosts: hostsOf(partner) }, isClosed: !isCleared, ...(allowed === deidentified && { isCode: keptIn(harvest) }) };
    return isCleared ? open : { ...open, remembers: (tokens, mayStand) => input.memory.isNamed(tokens, mayStand) };
  };
  const guesses = input.liftsHold ? certain : nothing;
  const configured = configuredIn(destination);
  const inHead = isWordOf(wordsConfiguredIn(destination));
  for (const [where, name, value] of shown(envelope, isCleared)) {
    const known = configured.has(value) || input.exempt.includes(value);
    const rest = where.startsWith("name ") ? withoutMinted(value, input.minted) : value;
    const text = `${isWellKnown(name) ? "" : name}\n${known ? "" : rest}`;
    const found = text === "\n" ? undefined : search(text, harvest, options(guesses, inHead));
    if (found) return { ...found, where };
  }
  const across = splitOver(envelope);
  const split = across === "" ? undefined : search(across, harvest, { ...options(guesses, inHead), isJoined: true });
  if (split) return { ...split, where: "parts" };
  if (isCleared) return undefined;
  const body = textOf(envelope.body);
  if (body === undefined) return { code: "PHI-207", rule: "unreadable", where: "body" };
  // What the closed list bounds is no content of code; where it bounds everything, nothing is left to look at.
  const rest = restOf(body, destination.only, harvest);
  if (rest.trim() === "") return undefined;
  if (!harvest.isLearned) input.memory.learn(input.owners, harvest.known);
  harvest.isLearned = true;
  // What is left beside a closed list is content of code; a whole format has words of its own.
  const lenient = options(toleratedIn(input) ?? guesses, destination.only && !destination.deidentify ? nowhere : isStructureOfFormat);
  const found = search(rest, harvest, lenient);
  if (!found) return undefined;
  const whole = rest === body ? found : search(body, harvest, lenient);
  if (!whole) return undefined;
  // Codes and names of the standard that a policy kept are no identifiers, even where one of the message is written like them.
  const beyond = destination.deidentify && policyOf(destination.format)?.beyondVocabulary?.(body, harvest.raw, destination.deidentify);
  if (beyond !== undefined && !search(beyond, harvest, lenient)) return undefined;
  return { ...found, where: "body" };
}

/** Each body is read twice, when it is made and when it leaves; what was minted since could only leave less of it. */
function restOf(body: string, only: DestinationSpec["only"], harvest: MessageHarvest): string {
  const { last } = harvest;
  if (last?.body === body && last.only === only) return last.rest;
  const rest = unvalidated(body, only, new Set([...harvest.minted, ...harvest.copied]));
  harvest.last = { body, only, rest };
  return rest;
}

/** A message of today would otherwise keep the day of its acceptance out of its file's name. Only where such a part stands by itself. */
function withoutMinted(value: string, minted: readonly string[]): string {
  return value.replace(/[A-Za-z0-9]+/g, (word) => (minted.includes(word) ? "" : word));
}

type Tolerated = Pick<SearchOptions, "allows" | "mayStand">;

const nothing: Tolerated = { allows: () => false, mayStand: () => false };

/** Under an emergency access only what is sure counts. */
const certain: Tolerated = {
  allows: ({ strength }) => strength !== "strong",
  mayStand: (kind) => kind === "zip" || kind === "routing number" || kind === "npi" || kind === "dea",
};

const limited: Tolerated = {
  allows: standsLimited,
  mayStand: (kind) => kind === "date" || kind === "age" || kind === "zip",
};

/** Codes of public systems and units stand where a policy let them (`deidentify/stands.ts`). */
const deidentified: Tolerated = { allows: standsDeidentified, mayStand: () => false };

/** Codes with a check digit that the message itself holds: a policy keeps them whole, and five of their digits are no place of anybody's. */
function keptIn({ raw }: MessageHarvest): (word: string) => boolean {
  return (word) => hasCheckDigit(word) && raw.toString().includes(word);
}

/** Moved days look like days, and may by chance be another day of the message. */
const datesMoved: Tolerated = { allows: (pattern) => /date/.test(pattern.kind) || standsDeidentified(pattern), mayStand: (kind) => kind === "date" };

/** What an expert determined may hold days, where the destination's policy leaves or moves them. */
function toleratedIn({ label, destination }: Guarded): Tolerated | undefined {
  if (label.level === "limited") return limited;
  if (label.level === "deidentified" && destination.deidentify && destination.deidentify.dates === "year") return deidentified;
  return label.method?.startsWith("expert:") && destination.deidentify?.dates !== "year" ? datesMoved : undefined;
}

const hosts = new WeakMap<Partner, ReadonlySet<string>>();

/** Hosts of the pinned endpoints: configuration. */
function hostsOf(partner: Partner): ReadonlySet<string> {
  let known = hosts.get(partner);
  if (!known) {
    const names = partner.endpoints.map(({ url }) => /^[a-z]+:\/\/([^/:]+)/i.exec(url)?.[1]?.toLowerCase() ?? "");
    hosts.set(partner, (known = new Set(names.filter((name) => name !== ""))));
  }
  return known;
}

/** Dates apart: the flow rule is asked at the same moment and knows them. */
function mayHoldPatients({ label, destination, partner }: Guarded): boolean {
  if (label.level !== "phi" || destination.sends !== "phi") return false;
  return covers(label, destination, partner);
}

type Part = readonly [where: string, name: string, value: string];

/** Every part but the body, as place, name and value. */
function shown(envelope: Envelope, isCleared: boolean): readonly Part[] {
  const { link, query, headers, names, credential } = envelope;
  const parts: Part[] = [];
  const path = withoutServerIds(envelope);
  if (path !== undefined) parts.push(["path", "", path]);
  // What the partner itself gave is opaque; toward one that may not hold patients nothing is.
  if (link !== undefined && !isCleared) parts.push(["link", "", link]);
  if (query) for (const [name, value] of Object.entries(query)) parts.push(["query", name, value]);
  if (headers) for (const [name, value] of Object.entries(headers)) parts.push([`header ${sayable(name)}`, name.replace(/^x-(?!request-id$)/i, ""), value]);
  if (names) for (const [name, value] of Object.entries(names)) parts.push([`name ${sayable(name)}`, name, value]);
  if (credential?.kind === "basic") parts.push(["credential", "", credential.user]);
  return parts;
}

/** Neighbouring parts set together, for what was cut over them: of a path, of names and of values of one table. */
function splitOver(envelope: Envelope): string {
  const { query, headers, names, credential } = envelope;
  const pieces = withoutServerIds(envelope)?.split("/").slice(1);
  const found = [resourceTypes.has(pieces?.[0] ?? "") ? undefined : pieces, pieces?.slice(1), credential?.kind === "basic" ? credential.user.split(":") : undefined];
  for (const table of [query, headers, names]) {
    // What the engine and the connector set themselves stands by itself.
    const rows = Object.entries(table ?? {}).filter(([name]) => !isWellKnown(name));
    found.push(rows.map(([name]) => name.replace(/^(?:x-)?_*/i, "")), rows.map(([, value]) => value));
  }
  return found.map((pieces) => (pieces && glue(pieces)) ?? "").filter((text) => text !== "").join("\n");
}

/** A name may itself be the leak: only those of well-known shape are repeated in a refusal. */
const wellKnown = new Set([
  "content-type", "accept", "idempotency-key", "prefer", "if-match", "if-none-exist", "user-agent", "x-request-id",
  "fileName", "subject", "topic", "idempotencyKey",
]);

function isWellKnown(name: string): boolean {
  return name === "" || wellKnown.has(name) || wellKnown.has(name.toLowerCase());
}

function sayable(name: string): string {
  return isWellKnown(name) ? name : "of its own";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Text of a body, or nothing when it is not text: packed, encrypted or in another charset, it cannot be checked. */
function textOf(body: Uint8Array): string | undefined {
  if (hasControls(body)) return undefined;
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

/** Control characters that no text has; those of HL7 v2 frames it may. Four bytes at a time, where none of them is one. */
function hasControls(body: Uint8Array): boolean {
  const skip = (4 - (body.byteOffset & 3)) & 3;
  const words = skip < body.length ? new Uint32Array(body.buffer, body.byteOffset + skip, (body.length - skip) >> 2) : noWords;
  for (let i = 0; i < Math.min(skip, body.length); i++) if (isControl(body[i] as number)) return true;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    // Below 32 a byte borrows from its highest bit when 32 is taken off.
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    for (let shift = 0; shift < 32; shift += 8) if (isControl((word >>> shift) & 255)) return true;
  }
  for (let i = skip + words.length * 4; i < body.length; i++) if (isControl(body[i] as number)) return true;
  return false;
}

const noWords = new Uint32Array(0);

function isControl(byte: number): boolean {
  return byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 11 && byte !== 28;
}
