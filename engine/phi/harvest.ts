import type { Tree } from "../codec/tree.ts";
import { codeOf, type Content, EngineError } from "../sdk/index.ts";
import type { Harvest } from "./boundary.ts";
import { Collector, mostValues } from "./collector.ts";
import { harvestHl7v2 } from "./harvest-hl7v2.ts";
import { harvestCsv, harvestJson, harvestXml } from "./harvest-named.ts";
import { harvestFhir, harvestUnknown } from "./harvest-json.ts";
import type { Pattern } from "./patterns.ts";
import { Matcher, maxPatterns } from "./scan.ts";

/** Identifiers of one message. They are taken out when a scan first asks: toward cleared partners most messages never do. */
export class MessageHarvest implements Harvest {
  readonly raw: Tree;
  readonly #format: Content["format"];
  #patterns: readonly Pattern[] | undefined;
  #isTooLarge = false;
  #matchers: readonly Matcher[] | undefined;

  constructor(raw: Tree, format: Content["format"]) {
    this.raw = raw;
    this.#format = format;
  }

  get size(): number {
    return this.patterns.length;
  }

  /** Throws `PHI-212` when there are more than `mostValues`; it looks once. */
  get patterns(): readonly Pattern[] {
    if (this.#patterns) return this.#patterns;
    try {
      if (this.#isTooLarge || hasTooManyLeaves(this.raw)) throw new EngineError("PHI-212");
      return (this.#patterns = collect(this.raw, this.#format));
    } catch (error) {
      this.#isTooLarge = codeOf(error, "PHI-207") === "PHI-212";
      throw error;
    }
  }

  get matchers(): readonly Matcher[] {
    this.#matchers ??= sliced(this.patterns, maxPatterns).map((slice) => new Matcher(slice));
    return this.#matchers;
  }
}

/** Each leaf takes at least one sign of the text, so most messages need no count. */
function hasTooManyLeaves(raw: Tree): boolean {
  if (raw.toString().length <= mostValues) return false;
  let count = 0;
  for (const _ of raw.leaves()) if (++count > mostValues) return true;
  return false;
}

function collect(raw: Tree, format: Content["format"]): readonly Pattern[] {
  const into = new Collector();
  if (format === "hl7v2") harvestHl7v2(raw, into);
  else if (format === "fhir") harvestFhir(raw, into);
  else if (format === "csv") harvestCsv(raw, into);
  else if (format === "xml") harvestXml(raw, into);
  else if (format === "json") harvestJson(raw, into);
  else harvestUnknown(raw, into);
  return into.patterns;
}

function sliced<T>(all: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let i = 0; i < all.length; i += size) slices.push(all.slice(i, i + size));
  return slices;
}
