import type { Tree } from "../codec/tree.ts";
import type { ClosedField, ClosedList } from "../config/project.ts";
import { codeOf, type Content, EngineError } from "../sdk/index.ts";
import type { Harvest } from "./boundary.ts";
import { Collector, type Known, mostValues } from "./collector.ts";
import { harvestHl7v2 } from "./harvest-hl7v2.ts";
import { harvestIcal } from "./harvest-ical.ts";
import { harvestCsv, harvestJson, harvestXml } from "./harvest-named.ts";
import { harvestFhir, harvestUnknown } from "./harvest-json.ts";
import { harvestX12 } from "./harvest-x12.ts";
import { harvestScript } from "./harvest-script.ts";
import { Digests } from "./hashes.ts";
import type { Pattern } from "./patterns.ts";
import { Matcher, maxPatterns } from "./scan.ts";
import type { Trigrams } from "./trigrams.ts";

/** Values that stand where the fields of a closed list look. */
export interface Taken {
  readonly only: ClosedList;
  readonly values: ReadonlyMap<ClosedField, string>;
}

/** Identifiers of one message. They are taken out when a scan first asks: toward cleared partners most messages never do. */
export class MessageHarvest implements Harvest {
  readonly raw: Tree;
  /** Tokens that the engine made for this message while this process ran; after a restart they are looked at like any other text. */
  readonly minted = new Set<string>();
  /** Tokens that the closed list copied, each searched when it was taken. */
  readonly copied = new Set<string>();
  /** What the closed list that was asked for last looks at. */
  taken: Taken | undefined;
  /** Its identifiers are in the memory of messages. */
  isLearned = false;
  /** The body that the guard read last for this message, by which closed list, and what that left of it. */
  last: { readonly body: string; readonly only: ClosedList | undefined; readonly rest: string } | undefined;
  readonly #format: Content["format"];
  #collected: Collector | undefined;
  #isTooLarge = false;
  #matchers: readonly Matcher[] | undefined;

  constructor(raw: Tree, format: Content["format"]) {
    this.raw = raw;
    this.#format = format;
  }

  get size(): number {
    return this.patterns.length;
  }

  get patterns(): readonly Pattern[] {
    return this.#all.patterns;
  }

  /** Days of the message by number, and its values as they stand. */
  get days(): Collector["days"] {
    return this.#all.days;
  }

  get known(): readonly Known[] {
    return this.#all.known;
  }

  /** Throws `PHI-212` when there are more than `mostValues`; it looks once. */
  get #all(): Collector {
    if (this.#collected) return this.#collected;
    try {
      this.#count();
      return (this.#collected = collect(this.raw, this.#format));
    } catch (error) {
      this.#isTooLarge = codeOf(error, "PHI-207") === "PHI-212";
      throw error;
    }
  }

  #count(): void {
    if (this.#isTooLarge || hasTooManyLeaves(this.raw)) throw new EngineError("PHI-212");
  }

  readonly digests = new Digests(() => this.known);

  get matchers(): readonly Matcher[] {
    this.#matchers ??= matchersOf(this.patterns);
    return this.#matchers;
  }

  /** Those of the identifiers that may stand in a few short texts: most of a message's are in no token, and none of them is made for one. Throws like `patterns`. */
  matchersFor(sought: Trigrams): readonly Matcher[] {
    if (this.#collected) return this.matchers;
    this.#count();
    return matchersOf(collect(this.raw, this.#format, sought).patterns);
  }
}

/** Each leaf takes at least one sign of the text, so most messages need no count. */
function hasTooManyLeaves(raw: Tree): boolean {
  if (raw.toString().length <= mostValues) return false;
  let count = 0;
  for (const _ of raw.leaves()) if (++count > mostValues) return true;
  return false;
}

function collect(raw: Tree, format: Content["format"], sought?: Trigrams): Collector {
  const into = new Collector(sought);
  if (format === "hl7v2") harvestHl7v2(raw, into);
  else if (format === "fhir") harvestFhir(raw, into);
  else if (format === "csv") harvestCsv(raw, into);
  else if (format === "xml") harvestXml(raw, into);
  else if (format === "ical") harvestIcal(raw, into);
  else if (format === "script") harvestScript(raw, into);
  else if (format === "json") harvestJson(raw, into);
  else if (format === "x12") harvestX12(raw, into);
  else harvestUnknown(raw, into);
  return into;
}

function matchersOf(patterns: readonly Pattern[]): readonly Matcher[] {
  return sliced(patterns, maxPatterns).map((slice) => new Matcher(slice));
}

function sliced<T>(all: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let i = 0; i < all.length; i += size) slices.push(all.slice(i, i + size));
  return slices;
}
