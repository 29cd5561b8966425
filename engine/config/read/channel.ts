import type { Check } from "../check/check.ts";
import { type Channel, type Classification, type CodeSpec, type ConnectorCatalogue, type DestinationSpec, type FilterSpec, levels, type Partner } from "../project.ts";
import type { Node } from "../yaml/node.ts";
import { checkFile, type CheckedFile } from "./checked-file.ts";
import { readCode } from "./code.ts";
import { readDestination } from "./destination.ts";
import { explainChannel } from "./explain-channel.ts";
import { readFilter } from "./filter.ts";
import type { LookupTable } from "./lookups.ts";
import type { Reading } from "./reading.ts";
import { revisionOf } from "./revision.ts";
import { readSource } from "./source.ts";
import { readTests } from "./tests.ts";
import { choice, map, optional, text, texts } from "./tolerant.ts";

export interface ChannelInput {
  readonly connectors: ConnectorCatalogue;
  readonly check: Check;
  readonly partners: ReadonlyMap<string, Partner>;
  readonly lookups: ReadonlyMap<string, LookupTable>;
}

export interface ChannelRead {
  readonly channel: Channel;
  /** Something that the boundary depends on is wrong: only destinations not named here can be judged. */
  readonly isSound: boolean;
  readonly brokenDestinations: ReadonlySet<string>;
}

/** One channel file. A broken part is reported and read as if absent. */
export function readChannel(reading: Reading, file: string, node: Node, input: ChannelInput): ChannelRead {
  const checked = checkFile(reading, file, node, input.check, explainChannel(input.connectors));
  const value = map(checked.value);
  const source = readSource(checked, value.source, input.connectors);
  const classification = toClassification(value.classification, input.partners.get(source.partner));
  const filter = readFilter(reading, checked, ["filter"]);
  const transform = readCode(reading, checked, ["transform"]);
  const written = Object.entries(map(value.destinations));
  const destinations = written.map(([name, destination]) =>
    readDestination(reading, checked, name, map(destination), { ...input, source, classification }));
  const lookups = texts(value.lookups);
  const channel: Channel = {
    place: checked.place,
    name: text(value.channel),
    ...optional("summary", value.summary as string | undefined),
    classification,
    source,
    ...optional("filter", filter),
    ...optional("transform", transform),
    destinations,
    lookups,
    tests: readTests(reading, checked, value.tests, written.map(([name]) => name)),
    revision: revisionOf(parts(reading, file, { filter, transform, destinations, lookups }, input.lookups)),
  };
  return { channel, isSound: isSound(checked), brokenDestinations: new Set(written.map(([name]) => name).filter((name) => checked.isBroken(["destinations", name]))) };
}

function isSound(checked: CheckedFile): boolean {
  const isWhole = ![[], ["classification"], ["source"], ["destinations"]].some((path) => checked.isBroken(path, false));
  return isWhole && !checked.isBroken(["classification"]) && !checked.isBroken(["source"]);
}

/** A bare level inherits the compartments that the source's partner may send. */
function toClassification(value: unknown, partner: Partner | undefined): Classification {
  if (typeof value === "string") return { level: choice(value, levels, "phi"), compartments: partner?.ceiling.compartments ?? [] };
  const written = map(value);
  return { level: choice(written.level, levels, "phi"), compartments: texts(written.compartments) };
}

interface Deciding {
  readonly filter: FilterSpec | undefined;
  readonly transform: CodeSpec | undefined;
  readonly destinations: readonly DestinationSpec[];
  readonly lookups: readonly string[];
}

function parts(reading: Reading, file: string, what: Deciding, tables: ReadonlyMap<string, LookupTable>): string[] {
  const code = (filter: FilterSpec | undefined) => (filter?.kind === "code" ? [filter.code] : []);
  const specs = [what, ...what.destinations].flatMap((d) => [...code(d.filter), ...(d.transform ? [d.transform] : [])]);
  const coded = what.destinations.flatMap((d) => Object.values(d.only ?? {})).flatMap((field) => (field.kind === "coded" ? [field.set] : []));
  const used = [...new Set([...what.lookups, ...coded])].sort().flatMap((name) => tables.get(name)?.file ?? []);
  const files = [...new Set([file, ...specs.map((spec) => spec.file).sort(), ...used])];
  return files.flatMap((name) => [name, reading.sources.get(name) ?? ""]);
}
