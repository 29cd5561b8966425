import type { Code } from "../sdk/index.ts";
import { isChance, isDayByChance } from "./chance.ts";
import { Budget } from "./decode/budget.ts";
import { closure, type View } from "./decode/closure.ts";
import { longestName } from "./decode/glued.ts";
import { longestKept } from "./decode/units.ts";
import { type DateInText, datesIn, type ReadDate } from "./detectors/dates.ts";
import { type DetectedKind, detect, type Exit } from "./detectors/index.ts";
import { mirrored, type Tokens, tokensOf } from "./tokens.ts";
import { folded, isAscii } from "./fold.ts";
import type { MessageHarvest } from "./harvest.ts";
import { digestsIn } from "./hashes.ts";
import type { Pattern, Strength } from "./patterns.ts";
import type { Hit } from "./scan.ts";
import { isInTaken, isInUuid } from "./taken.ts";
import { WeakHits } from "./weak.ts";

export interface SearchOptions {
  /** Values the engine itself took from the message or made: not an identifier of themselves. */
  readonly taken: ReadonlySet<string>;
  /** Kinds and strengths of the message's own identifiers that may stand toward this recipient. */
  allows(pattern: Pick<Pattern, "kind" | "strength"> & Partial<Pick<Pattern, "source">>): boolean;
  /** Kinds of what detectors know by its shape that may stand there. */
  mayStand(kind: DetectedKind): boolean;
  /** Whether a whole code, letters and digits with dashes between them, stands there for what it is a code of, whatever number is in it. */
  isCode?(word: string): boolean;
  /** Whether a word of formats stands there as one, and not as somebody's name; `apart`: what the text was set together of, where it was. */
  isStructure(text: string, start: number, end: number, apart: string | undefined): boolean;
  readonly exit: Exit;
  /** Whether a number of five digits that is a day of the message in a spreadsheet counts by itself. Where codes stand by a policy it does not. */
  readonly countsSerials: boolean;
  /** Toward a partner that may not hold patients: what nobody can read does not leave. */
  readonly isClosed: boolean;
  /** Only what the message itself says is looked for: pieces set together have no shape of their own. */
  readonly isJoined?: boolean;
  /** Whether a text names somebody of another message. */
  remembers?(tokens: Tokens, mayStand: (start: number, end: number) => boolean): boolean;
}

export interface Finding {
  readonly code: Code;
  readonly rule: string;
}

/** The first thing in the text, or in what it decodes to, that may not leave. */
export function search(text: string, harvest: MessageHarvest, options: SearchOptions): Finding | undefined {
  const budget = new Budget(text.length);
  const digests: string[] = [];
  let other: Finding | undefined;
  for (const view of closure(text, budget)) {
    const plain = folded(view.text);
    const weak = new WeakHits();
    const own = ownIn(plain, view, weak, harvest, options);
    const tokens = tokensOf(plain);
    const isWhole = !view.isJoined && !options.isJoined;
    const dates = isWhole || harvest.days.size > 0 ? datesIn(tokens, harvest.days) : none;
    const strength = own ?? ownDayIn(tokens, dates, view, weak, harvest, options) ?? inOtherCase(view, plain, weak, harvest, options);
    if (strength) return { code: "PHI-201", rule: strength };
    // What the message itself says is looked for to the end: it names the reason best.
    if (isWhole) other ??= shapeIn(tokens, dates, weak, options) ?? (isRemembered(tokens, options) ? { code: "PHI-224", rule: "remembered" } : undefined);
    // One by one: a call takes no hundred thousand arguments.
    if (isWhole) for (const digest of digestsIn(tokens)) digests.push(digest);
    if (!view.isJoined && harvest.days.size > 0) {
      const back = mirrored(tokens, reversed(plain));
      if (ownDayIn(back, datesIn(back, harvest.days), view, new WeakHits(), harvest, mirroredCodes(options))) return { code: "PHI-201", rule: "reversed" };
    }
  }
  const blocks = [...budget.opaque].filter((run) => !isTaken(run, options.taken));
  const mixed = [...budget.mixed, ...blocks].filter((run) => !isTaken(run, options.taken));
  if (digests.some((token) => !options.taken.has(token) && harvest.digests.isHex(token))) return { code: "PHI-201", rule: "digest" };
  // What frames a digest in a path is of its alphabet too; the end of the engine's own token is none.
  if (mixed.some((run) => harvest.digests.endsBase64(run, (end) => isTaken(end, options.taken)))) return { code: "PHI-201", rule: "digest" };
  if (options.isJoined) return undefined;
  if (budget.isSealed) other ??= { code: "PHI-222", rule: "opaque" };
  if (other || !options.isClosed) return other;
  if (budget.isOver) return { code: "PHI-221", rule: "depth" };
  return blocks.length > 0 ? { code: "PHI-222", rule: "opaque" } : undefined;
}

const none: readonly DateInText[] = [];

/** In other alphabets a capital looks like another Latin letter than its small one does. */
function inOtherCase(view: View, plain: string, weak: WeakHits, harvest: MessageHarvest, options: SearchOptions): Strength | undefined {
  if (plain === view.text) return undefined;
  const small = folded(view.text.toLowerCase());
  return small === plain.toLowerCase() ? undefined : ownIn(small, view, weak, harvest, options);
}

let units = new Uint16Array(8192);
let signs = Buffer.from(units.buffer);
const wide = new TextDecoder("utf-16le", { ignoreBOM: true });

function reversed(text: string): string {
  const n = text.length;
  if (n > units.length && n <= longestKept) {
    units = new Uint16Array(2 ** Math.ceil(Math.log2(n)));
    signs = Buffer.from(units.buffer);
  }
  if (isAscii(text)) {
    const bytes = n > longestKept ? Buffer.alloc(n) : signs.subarray(0, n);
    bytes.write(text, "latin1");
    return bytes.reverse().toString("latin1");
  }
  const from = n > longestKept ? new Uint16Array(n) : units.subarray(0, n);
  for (let i = 0; i < n; i++) from[n - 1 - i] = text.charCodeAt(i);
  return wide.decode(from);
}

function ownIn(text: string, { isJoined, of }: View, weak: WeakHits, harvest: MessageHarvest, options: SearchOptions): Strength | undefined {
  const { allows, taken } = options;
  let apart: string | undefined;
  const isStructure = (start: number, end: number) => options.isStructure(text, start, end, of === undefined ? undefined : (apart ??= folded(of)));
  let found: Strength | undefined;
  for (const matcher of harvest.matchers) {
    matcher.scan(text, false, (hit) => {
      if (taken.has(hit.pattern.source)) return false;
      const pattern = hit.pattern.only === "as no structure" && isStructure(hit.start, hit.end) ? { ...hit.pattern, strength: "weak" as const } : hit.pattern;
      if (allows(pattern) || isChance(hit, text, isJoined, options)) return false;
      found = strengthOf({ ...hit, pattern }, text, weak);
      return found !== undefined;
    });
    if (found) return found;
  }
  return undefined;
}

function strengthOf({ pattern, start, end, isScattered }: Hit, text: string, weak: WeakHits): Strength | undefined {
  if (pattern.strength !== "weak" && !isScattered) return pattern.strength;
  if (pattern.only === "first half" || pattern.only === "last half") return weak.addHalf(pattern, start, end) ? "weak" : undefined;
  if (pattern.only === "after its name" && lastFour.test(text.slice(Math.max(0, start - 24), start))) return "medium";
  return weak.add(pattern.kind, start, end) ? "weak" : undefined;
}

const lastFour = /ss[n#]|social|last[ _-]?(?:4|four)|[x*]{3,5}[- ]?[x*]{2}[- ]?$/i;

/** Days are compared as days, in whatever form they are written. A number that may be one counts for birth dates alone when it is short. */
function ownDayIn(t: Tokens, dates: readonly DateInText[], { isJoined, of }: View, weak: WeakHits, harvest: MessageHarvest, { allows, taken, countsSerials, isCode }: SearchOptions): Strength | undefined {
  // Of a day a policy leaves the year (45 CFR 164.514(b)(2)(i)(C)): years and amounts that are set together say one by chance.
  if (harvest.days.size === 0 || (isCode && isJoined)) return undefined;
  for (const { at: i, read } of dates) {
    const [start, end] = [t.starts[i] as number, t.ends[i] as number];
    for (const day of daysOf(read, countsSerials)) {
      const own = harvest.days.get(day);
      if (!own || allows(own) || isInUuid(t.text, start, end) || isInTaken(t.text, start, end, taken)) continue;
      if (isCode && isDayByChance(day, read, t.text, start, end, isCode)) continue;
      if (read.form === "date") return own.strength;
      // A row of six digits may be anything; groups of digits with the same sign between them are written by nobody else.
      const isShort = read.form === "number" && end - start > 4 && end - start < 8;
      if (isShort && own.strength !== "strong" && !(countsSerials && saysDay(day, read, end - start, isMadeOf(of, t.text, start, end)))) continue;
      if (read.form === "number" || (countsSerials && standsAlone(t.text, start, end))) return own.strength;
      if (weak.add(`serial of ${own.kind}`, start, end)) return "weak";
    }
  }
  return undefined;
}

/**
 * Whether so few digits say a day all the same. Seven are the day of a year, and no measurement is as long; whole days in seconds are one number in 86,400; and what the
 * parts of a short name make together, a year of four digits at the end, few names hold by chance.
 */
function saysDay(day: number, { counted, pieces }: ReadDate, length: number, isMade: boolean): boolean {
  return length === 7 || counted?.includes(day) === true || (isMade && pieces?.includes(day) === true);
}

/** Whether a number became one only when the parts of a short name were set together. */
function isMadeOf(of: string | undefined, text: string, start: number, end: number): boolean {
  return of !== undefined && text.length <= longestName && !of.includes(text.slice(start, end));
}

function daysOf({ days, counted, pieces }: ReadDate, arePiecesRead: boolean): readonly number[] {
  const more = arePiecesRead ? pieces : undefined;
  return counted?.length || more?.length ? [...days, ...(counted ?? []), ...(more ?? [])] : days;
}

/** In a text that is read from its end a code stands so too. */
function mirroredCodes(options: SearchOptions): SearchOptions {
  const { isCode } = options;
  return isCode ? { ...options, isCode: (word) => isCode(reversed(word)) } : options;
}

/** A part of a code or of a number with decimals is no day of a spreadsheet. */
function standsAlone(text: string, start: number, end: number): boolean {
  return !/\d[-.,/:]$/.test(text.slice(Math.max(0, start - 2), start)) && !/^[-.,/:]\d/.test(text.slice(end, end + 2));
}

function shapeIn(tokens: Tokens, dates: readonly DateInText[], weak: WeakHits, { mayStand, exit, taken }: SearchOptions): Finding | undefined {
  let found: DetectedKind | undefined;
  detect(tokens, dates, exit, ({ kind, strength, start, end }) => {
    if (mayStand(kind) || isInUuid(tokens.text, start, end) || isInTaken(tokens.text, start, end, taken)) return false;
    if (strength !== "weak" || weak.add(kind, start, end)) found = kind;
    return found !== undefined;
  });
  return found && { code: "PHI-223", rule: found };
}

function isRemembered(tokens: Tokens, { remembers, taken }: SearchOptions): boolean {
  const { text } = tokens;
  return remembers?.(tokens, (start, end) => isInUuid(text, start, end) || isInTaken(text, start, end, taken)) ?? false;
}

function isTaken(run: string, taken: ReadonlySet<string>): boolean {
  for (const value of taken) if (value.includes(run)) return true;
  return false;
}
