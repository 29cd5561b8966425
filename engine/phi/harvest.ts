import type { Tree } from "../codec/tree.ts";
import type { Content } from "../sdk/index.ts";
import type { Harvest } from "./boundary.ts";
import { Collector } from "./collector.ts";
import { harvestHl7v2 } from "./harvest-hl7v2.ts";
import { harvestCsv, harvestXml } from "./harvest-named.ts";
import { harvestFhir, harvestUnknown } from "./harvest-json.ts";
import type { Pattern } from "./patterns.ts";
import { Matcher, maxPatterns } from "./scan.ts";

/** Identifiers of one message. They are taken out when a scan first asks: toward cleared partners most messages never do. */
export class MessageHarvest implements Harvest {
  readonly raw: Tree;
  readonly #format: Content["format"];
  #patterns: readonly Pattern[] | undefined;
  #matchers: readonly Matcher[] | undefined;

  constructor(raw: Tree, format: Content["format"]) {
    this.raw = raw;
    this.#format = format;
  }

  get size(): number {
    return this.patterns.length;
  }

  get patterns(): readonly Pattern[] {
    this.#patterns ??= collect(this.raw, this.#format);
    return this.#patterns;
  }

  get matchers(): readonly Matcher[] {
    this.#matchers ??= sliced(this.patterns, maxPatterns).map((slice) => new Matcher(slice));
    return this.#matchers;
  }
}

function collect(raw: Tree, format: Content["format"]): readonly Pattern[] {
  const into = new Collector();
  if (format === "hl7v2") harvestHl7v2(raw, into);
  else if (format === "fhir") harvestFhir(raw, into);
  else if (format === "csv") harvestCsv(raw, into);
  else if (format === "xml") harvestXml(raw, into);
  else harvestUnknown(raw, into);
  return into.patterns;
}

function sliced<T>(all: readonly T[], size: number): T[][] {
  const slices: T[][] = [];
  for (let i = 0; i < all.length; i += size) slices.push(all.slice(i, i + size));
  return slices;
}
