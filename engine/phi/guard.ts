import type { DestinationSpec, Partner } from "../config/project.ts";
import type { Envelope } from "../sdk/index.ts";
import { misaddressed } from "./address.ts";
import { gaps } from "./agreements.ts";
import type { Label, Refusal } from "./boundary.ts";
import { takenBy } from "./closed-list.ts";
import { configuredIn } from "./configured.ts";
import type { MessageHarvest } from "./harvest.ts";
import type { Pattern } from "./patterns.ts";
import { search, type SearchOptions } from "./search.ts";
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
}

/** Reads every part of an envelope; the body too, unless the partner may hold patient data and this destination declares that it sends it. */
export function guard(input: Guarded): Refusal | undefined {
  const { envelope, harvest, destination, partner } = input;
  const astray = misaddressed(envelope, partner);
  if (astray) return { code: "PHI-208", rule: "pinned", where: astray };
  let taken: ReadonlySet<string> | undefined;
  const options = (allows: (pattern: Pattern) => boolean): SearchOptions => {
    taken ??= new Set([...takenBy(destination.only, harvest.raw), ...input.exempt]);
    return { taken, allows };
  };
  const configured = configuredIn(destination);
  for (const [where, name, value] of shown(envelope)) {
    const known = configured.has(value) || input.exempt.includes(value);
    const rest = where.startsWith("name ") ? withoutMinted(value, input.minted) : value;
    const text = `${isWellKnown(name) ? "" : name}\n${known ? "" : rest}`;
    const strength = text === "\n" ? undefined : search(text, harvest, options(nothing));
    if (strength) return { code: "PHI-201", rule: strength, where };
  }
  if (mayHoldPatients(input)) return undefined;
  const body = textOf(envelope.body);
  if (body === undefined) return { code: "PHI-207", rule: "unreadable", where: "body" };
  const lenient = options(input.label.level === "limited" ? inLimitedData : nothing);
  if (!search(body, harvest, lenient)) return undefined;
  const strength = search(unvalidated(body, destination.only), harvest, lenient);
  return strength && { code: "PHI-201", rule: strength, where: "body" };
}

/** A message of today would otherwise keep the day of its acceptance out of its file's name. Only where such a part stands by itself. */
function withoutMinted(value: string, minted: readonly string[]): string {
  return value.replace(/[A-Za-z0-9]+/g, (word) => (minted.includes(word) ? "" : word));
}

function nothing(): boolean {
  return false;
}

/** A limited data set keeps dates, places and weak traits. */
function inLimitedData({ kind, strength }: Pattern): boolean {
  return strength !== "strong" || /date/.test(kind);
}

/** Dates apart: the flow rule is asked at the same moment and knows them. */
function mayHoldPatients({ label, destination, partner }: Guarded): boolean {
  if (label.level !== "phi" || destination.sends !== "phi") return false;
  const need = { level: label.level, compartments: label.compartments, purpose: destination.purpose };
  return partner.agreements.some((agreement) => gaps(agreement, need).length === 0);
}

type Part = readonly [where: string, name: string, value: string];

/** Every part but the body, as place, name and value. */
function shown({ path, query, headers, names, credential }: Envelope): readonly Part[] {
  const parts: Part[] = [];
  if (path !== undefined) parts.push(["path", "", path]);
  if (query) for (const [name, value] of Object.entries(query)) parts.push(["query", name, value]);
  if (headers) for (const [name, value] of Object.entries(headers)) parts.push([`header ${sayable(name)}`, name, value]);
  if (names) for (const [name, value] of Object.entries(names)) parts.push([`name ${sayable(name)}`, name, value]);
  if (credential?.kind === "basic") parts.push(["credential", "", credential.user]);
  return parts;
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
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] as number;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 11 && byte !== 28) return undefined;
  }
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}
