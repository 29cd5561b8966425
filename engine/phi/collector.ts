import { EngineError } from "../sdk/index.ts";
import { dayNumber } from "./calendar.ts";
import { pattern, type Pattern, type Strength } from "./patterns.ts";
import { datePatterns, dayOf } from "./dates.ts";
import { codeOfAscii, folded } from "./fold.ts";
import { numbered } from "./numbered.ts";
import { opened, shortestPacked } from "./opaque.ts";
import { type Reading, stopList } from "./policy.ts";
import { shortenedStreet } from "./streets.ts";
import { structureWords } from "./structure-words.ts";
import type { Trigrams } from "./trigrams.ts";

/** Fewer significant characters than this make a weak identifier: four digits are in everything. */
const significant = 5;

/**
 * A message has at most this many values, and at most this many identifiers are looked for. Taking them out is work of the event loop, 10
 * to 20 µs each: the largest message holds up the others for a second or two, and none can stop them. A list of 5,000 persons is well within it.
 */
export const mostValues = 100_000;

/** Readings of what is looked for with its parts in other orders as well. */
const inOtherOrder: ReadonlySet<Reading> = new Set(["name", "person", "address", "unknown"]);

/** A value as it stands, for what compares more than its letters: digests and the memory of other messages. */
export interface Known {
  readonly sort: "id" | "number" | "mail" | "name" | "day";
  readonly text: string;
  readonly strength: Strength;
}

/** Turns values of a message into patterns; one for each message, or for each look at a few short texts, of which nothing is made that cannot stand there. */
export class Collector {
  readonly patterns: Pattern[] = [];
  readonly known: Known[] = [];
  /** Days by their number, to be compared with those that are read in what leaves. */
  readonly days = new Map<number, { readonly kind: string; readonly strength: Strength }>();
  /** Days that times in digits begin with: a report has dozens of one day. */
  readonly #stamps = new Map<string, Strength>();
  /** Each value, and the kinds that it was taken as. */
  readonly #seen = new Map<string, string | Set<string>>();

  readonly #sought: Trigrams | undefined;

  constructor(sought?: Trigrams) {
    this.#sought = sought;
  }

  /** Whether anything of a value, as it stands in the message with all its parts, can be in the texts that are searched. A long text may hold a packed one. */
  isSought(reading: Reading, value: string): boolean {
    const sought = this.#sought;
    if (sought === undefined || sought.hasNumber || value.length >= shortestPacked) return true;
    return inOtherOrder.has(reading) ? sought.maySeeParts(value) : sought.maySee(value);
  }

  /** Whether anything of a line of fields can be; `readingOf` says how a field is read, nothing for one that is not. */
  isLineSought(line: string, mark: string, readingOf: (field: number) => Reading | undefined): boolean {
    const sought = this.#sought;
    if (sought === undefined || sought.hasNumber) return true;
    return sought.maySeeFields(line, mark, shortestPacked, (field) => {
      const reading = readingOf(field);
      return reading !== undefined && inOtherOrder.has(reading);
    });
  }

  id(kind: string, value: string, strength: Strength): void {
    // Of a street other writings are made.
    if (this.#areBeside([value])) return;
    if (!this.#isNew(kind, value)) return;
    const plain = plainOf(value);
    if (plain.length < 3 || isStopped(plain)) return;
    const bare = plain.startsWith("0") ? plain.replace(/^0+/, "") : plain;
    if (bare.length >= significant && strength !== "weak") this.known.push({ sort: "id", text: value, strength });
    this.#add(kind, bare.length >= significant ? strength : "weak", [value]);
    if (bare.length >= significant && bare.length < plain.length) this.#add(kind, strength, [bare], value);
    const digits = /^\p{L}+(\d{6,})$/u.exec(plain)?.[1];
    if (digits) this.#add(kind, strength, [digits], value);
    if (strength === "strong") this.#halves(kind, bare, value);
    if (strength === "strong" && /address|street/.test(kind)) for (const short of shortenedStreet(value)) this.#add(kind, strength, [short], value);
    if (/^\d{9}$/.test(plain) && (kind === "ssn" || kind === "social security number" || /^\d{3}-\d\d-/.test(value))) {
      this.#keepIf(pattern(`last four of ${kind}`, "weak", [plain.slice(5)], { source: value, only: "after its name" }));
    }
  }

  /** A half of five or six signs is in too much to say anything by itself, unless the other stands near. */
  #halves(kind: string, plain: string, source: string): void {
    if (plain.length < 8 || plain.length > 40 || !/\d/.test(plain)) return;
    const strength = plain.length >= 14 ? "medium" : "weak";
    const middle = plain.length >> 1;
    this.#keepIf(pattern(`first half of ${kind}`, strength, [plain.slice(0, middle)], { source, only: "first half" }));
    this.#keepIf(pattern(`last half of ${kind}`, strength, [plain.slice(-middle)], { source, only: "last half" }));
  }

  /** Three letters or digits where a person's own stand: one of them says enough, as a word by itself. */
  short(kind: string, value: string): void {
    const plain = plainOf(value);
    if (plain.length === 3 && !isStopped(plain) && this.#isNew(`short ${kind}`, value)) this.#add(kind, "medium", [value]);
  }

  /** Two values side by side that may be one name, in either order; the words for themselves say nothing. */
  pair(kind: string, one: string, other: string): void {
    if (this.#areBeside([one, other])) return;
    if ((isStopped(one) && isStopped(other)) || !this.#isNew(kind, `${one}^${other}`)) return;
    this.#add(kind, "medium", [one, other]);
    this.#add(kind, "medium", [other, one]);
  }

  /** A whole value; short of four characters it is only weak. */
  whole(kind: string, value: string, strength: Strength): void {
    if (this.#isBeside(value)) return;
    if (!this.#isNew(kind, value)) return;
    const plain = plainOf(value);
    if (!isStopped(plain)) this.#add(kind, plain.length >= 4 ? strength : "weak", [value]);
  }

  /** Family and given names: together strong in either order, a family name of four letters medium, the rest weak. */
  name(kind: string, family: string, given: readonly string[], strength: Strength): void {
    if (this.#areBeside([family, ...given])) return;
    const names = given.filter((g) => g !== "" && !isStopped(g));
    // Mr. Unknown has no given name; a Shaun Other is called so.
    if (isStopped(family) && names.length === 0) return;
    this.#part(`family name of ${kind}`, family, strength);
    if (strength === "strong") this.#wordy(`family name of ${kind}`, family);
    if (strength !== "weak" && given[0]) this.known.push({ sort: "name", text: `${given[0]} ${family}`, strength });
    for (const g of names) this.whole(`given name of ${kind}`, g, "weak");
    const [first] = names;
    if (!family || first === undefined || !this.#isNew(kind, `${family}^${names.join("^")}`)) return;
    this.#add(kind, strength, [family, first]);
    this.#add(kind, strength, [first, family]);
    if (names.length > 1) this.#add(kind, strength, [...names, family]);
    // Longer family names count for themselves.
    if (plainOf(family).length < 4) for (const initials of [[first.charAt(0), family], [family, first.charAt(0)]]) this.#add(`initial and ${kind}`, "weak", initials);
  }

  /** A name written as one text: nobody says which word is the family's. */
  person(kind: string, text: string, strength: Strength): void {
    if (!this.#isNew(kind, text)) return;
    const words = text.split(/[\s,;]+/).filter((w) => w.length > 1 && !/^(dr|mr|mrs|ms|prof|md|rn|phd|jr|sr)\.?$/i.test(w));
    if (this.#areBeside(words)) return;
    if (words.length > 1) {
      if (strength !== "weak" && words.length < 5) this.known.push({ sort: "name", text: words.join(" "), strength });
      this.#add(kind, strength, words);
      this.#add(kind, strength, [words.at(-1) ?? "", words[0] ?? ""]);
      this.#add(kind, strength, [words[0] ?? "", words.at(-1) ?? ""]);
    }
    for (const word of words) this.#part(`word of ${kind}`, word, strength);
    const family = /^[^\s,;]+,/.test(text) ? words[0] : words.at(-1);
    if (strength === "strong" && family && words.some((word) => !isWordy(word))) this.#wordy(`word of ${kind}`, family);
  }

  /** Numbers by their digits, addresses of mail whole and by their local part. */
  contact(kind: string, value: string, strength: Strength): void {
    if (!this.#isNew(kind, value)) return;
    if (value.includes("@")) {
      if (this.#isBeside(value)) return;
      this.#add("e-mail", strength, [value]);
      this.known.push({ sort: "mail", text: value.replace(/^mailto:/i, ""), strength });
      const local = value.slice(0, value.indexOf("@")).replace(/^mailto:/i, "");
      if (local.length >= 6) this.#add("e-mail", strength, [local]);
      return;
    }
    const digits = value.replace(/(x|ext).*$/i, "").replace(/\D+/g, "").replace(/^(00|1(?=\d{10}$))/, "");
    if (digits.length < 7 || this.#isBeside(digits) || isStopped(digits)) return;
    this.#add(kind, strength, [digits]);
    this.known.push({ sort: "number", text: digits, strength });
  }

  date(kind: string, value: string, strength: Strength): boolean {
    if (this.#sought?.hasNumber === false) return false;
    const stamp = isStamp(value) ? value.slice(0, 8) : undefined;
    if (stamp !== undefined && this.#stamps.get(stamp) === strength) return true;
    const day = dayOf(value);
    if (!day) return false;
    if (stamp !== undefined) this.#stamps.set(stamp, strength);
    if (isStopped(day.join("")) || !this.#isNew("date", `${strength}${day.join("")}`)) return true;
    for (const made of datePatterns(kind, day, strength)) this.#keep(made);
    const number = dayNumber(Number(day[0]), Number(day[1]), Number(day[2]));
    if (number === undefined) return true;
    if (strength === "strong" || !this.days.has(number)) this.days.set(number, { kind, strength });
    if (strength === "strong") this.known.push({ sort: "day", text: day.join("-"), strength });
    return true;
  }

  zip(kind: string, value: string, strength: Strength): void {
    const five = /^\s*(\d{5})/.exec(value)?.[1];
    this.whole(kind, value, strength);
    if (five && five !== value) this.whole(kind, five, strength);
  }

  /** Text: what in it is shaped like a number, a date or an address of mail. */
  free(kind: string, text: string): void {
    if (saysNothing(text)) return;
    if (!this.isSought("free", text)) return;
    const { plain, inside } = opened(text);
    if (inside !== "") this.#shaped(kind, inside);
    this.#shaped(kind, plain);
  }

  #shaped(kind: string, text: string): void {
    // Prose, most of it.
    if (!/[0-9@]/.test(text)) return;
    if (text.includes("@")) for (const [mail] of text.matchAll(/[\w.+-]+@[\w-]+\.[\w.-]+/g)) this.contact(kind, mail, "strong");
    for (const token of numbered(text)) {
      if (this.date(kind, token, "medium")) continue;
      if (/^\d{3}-\d\d-\d{4}$/.test(token)) this.id("ssn", token, "strong");
      else if (/^[\d().-]+$/.test(token) && token.replace(/\D/g, "").length >= 7) this.contact(kind, token, "medium");
      else if (/\d[^\d]*\d[^\d]*\d[^\d]*\d[^\d]*\d/.test(token) && !/^\d+\.\d+$/.test(token)) this.id(kind, token, "medium");
    }
  }

  /** A value no table knows: a date, a whole value, and when it is long the numbers in it. */
  unknown(kind: string, value: string): void {
    if (value.length < 4 || !this.isSought("unknown", value) || this.date(kind, value, "medium")) return;
    if (value.length <= 64) {
      if (value.includes("@")) this.contact(kind, value, "strong");
      this.whole(kind, value, "medium");
      if (/^\p{Lu}[\p{L}'-]+,?(\s+\p{Lu}[\p{L}'.-]*){1,3}$/u.test(value)) this.person(`name in ${kind}`, value, "medium");
    }
    this.free(kind, value);
  }

  /** A surname that says nothing as a word of formats, or that stands for nobody elsewhere, is one where it stands as neither. */
  #wordy(kind: string, family: string): void {
    if (isWordy(family) && plainOf(family).length >= 4) this.#keepIf(pattern(kind, "medium", [family], { only: "as no structure" }));
  }

  #part(kind: string, word: string, strength: Strength): void {
    this.whole(kind, word, strength === "weak" || structureWords.has(word.toLowerCase()) ? "weak" : "medium");
    if (strength === "weak") return;
    const halves = word.split(/[\s-]+/);
    if (halves.length > 1) for (const half of halves) if (half.length >= 4) this.whole(kind, half, "medium");
  }

  #add(kind: string, strength: Strength, parts: readonly string[], source?: string): void {
    this.#keepIf(pattern(kind, strength, parts, source === undefined ? {} : { source }));
    if (parts.every(isAsciiOnly)) return;
    // Two letters of one sign do not change places when a name is written backwards.
    if (parts.some((part) => /[ßẞæÆœŒþÞ]/.test(part))) this.#keepIf(pattern(kind, strength, parts.toReversed().map((part) => Array.from(part).reverse().join("")), { source: source ?? (parts.length === 1 ? (parts[0] ?? "") : "") }));
    if (!parts.some(isOfOtherAlphabet)) return;
    const small = parts.map((part) => part.toLowerCase());
    if (folded(small.join(" ")) !== folded(parts.join(" ")).toLowerCase()) this.#keepIf(pattern(kind, strength, small, { source: source ?? (parts.length === 1 ? (parts[0] ?? "") : "") }));
  }

  #keepIf(made: Pattern | undefined): void {
    if (made) this.#keep(made);
  }

  #keep(made: Pattern): void {
    if (this.patterns.length >= mostValues) throw new EngineError("PHI-212");
    this.patterns.push(made);
  }

  /** Nothing made of a value is in the texts that are to be searched. */
  #isBeside(value: string): boolean {
    return this.#sought?.maySee(value) === false;
  }

  /** Nothing made of these parts, in any order, is. */
  #areBeside(parts: readonly string[]): boolean {
    return this.#sought?.maySeeParts(parts.join(" ")) === false;
  }

  #isNew(kind: string, value: string): boolean {
    if (value === "") return false;
    const kinds = this.#seen.get(value);
    if (kinds === undefined) {
      this.#seen.set(value, kind);
      return true;
    }
    if (kinds === kind || (typeof kinds !== "string" && kinds.has(kind))) return false;
    if (typeof kinds === "string") this.#seen.set(value, new Set([kinds, kind]));
    else kinds.add(kind);
    return true;
  }
}

/** Short, without letters, and of fewer digits than any number of a person or a day: most results. */
function saysNothing(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 64) return text.length < 5;
    if (unit >= 48 && unit <= 57 && ++digits > 4) return false;
  }
  return true;
}

/** `YYYYMMDDHHMM` and what follows it in HL7 v2 2.A.22: twelve or fourteen digits, then a fraction, a zone or nothing. */
function isStamp(value: string): boolean {
  const n = value.length;
  if (n < 12) return false;
  let digits = 0;
  while (digits < n && digits < 15 && isDigit(value.charCodeAt(digits))) digits++;
  if (digits !== 12 && digits !== 14) return false;
  const next = value.charCodeAt(digits);
  return digits === n || next === 43 || next === 45 || next === 46;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isAsciiOnly(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Greek and whatever comes after it. */
function isOfOtherAlphabet(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x370) return true;
  return false;
}

function isWordy(word: string): boolean {
  return structureWords.has(word.toLowerCase()) || isStopped(word);
}

/** What they begin with, in either case. */
const headsOfStops = new Uint8Array(128);
for (const value of stopList) headsOfStops[value.charCodeAt(0)] = headsOfStops[value.toUpperCase().charCodeAt(0)] = 1;

function isStopped(value: string): boolean {
  const head = value.charCodeAt(0);
  if (value.length > 32 || (codeOfAscii[head] && headsOfStops[head] === 0)) return false;
  const lower = value.toLowerCase();
  return stopList.has(isPlain(value) ? lower : lower.replace(/[^a-z0-9]+/g, ""));
}

/** Letters and digits alone; most values are. */
function plainOf(value: string): string {
  return isPlain(value) ? value : value.replace(/[^\p{L}\p{N}]+/gu, "");
}

function isPlain(value: string): boolean {
  return /^[A-Za-z0-9]*$/.test(value);
}
