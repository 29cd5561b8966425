import manifest from "../../../schemas/policy.json" with { type: "json" };
import type { Check } from "../check/check.ts";
import { codeOf } from "../code-of.ts";
import { type Channel, type Classification, type ConnectorCatalogue, type DestinationSpec, levels, type Partner } from "../project.ts";
import { find, type Node } from "../yaml/node.ts";
import { readAcknowledges } from "./alert.ts";
import { readCase } from "./case.ts";
import { checkFile, type CheckedFile } from "./checked-file.ts";
import { readCode } from "./code.ts";
import { readDestination } from "./destination.ts";
import type { Ceiling, Classified } from "./handed-over.ts";
import { explainChannel } from "./explain-channel.ts";
import { readFilter } from "./filter.ts";
import { readKeeping } from "./keeping.ts";
import type { LookupTable } from "./lookups.ts";
import type { ProfileFile } from "./profiles.ts";
import type { Reading } from "./reading.ts";
import { revisionOf } from "./revision.ts";
import { readSource } from "./source.ts";
import { readTests } from "./tests.ts";
import { choice, map, number, optional, text, texts } from "./tolerant.ts";

export interface ChannelInput {
  /** Covered entity of the installation. */
  readonly owner: string;
  readonly connectors: ConnectorCatalogue;
  readonly check: Check;
  readonly partners: ReadonlyMap<string, Partner>;
  readonly lookups: ReadonlyMap<string, LookupTable>;
  readonly profiles: ReadonlyMap<string, ProfileFile>;
}

export interface ChannelRead extends Classified {
  /** Something that the boundary depends on is wrong: only destinations not named here can be judged. */
  readonly isSound: boolean;
  readonly brokenDestinations: ReadonlySet<string>;
  /** Destinations whose connector's options are not as the connector wants them. */
  readonly brokenOptions: ReadonlySet<string>;
}

/** One channel file. A broken part is reported and read as if absent. */
export function readChannel(reading: Reading, file: string, node: Node, input: ChannelInput): ChannelRead {
  const checked = checkFile(reading, file, node, input.check, explainChannel(input.connectors));
  const value = map(checked.value);
  const source = readSource(checked, value.source, input.connectors, input.profiles);
  const classify = (ceiling: Ceiling) => toClassification(value.classification, ceiling);
  const classification = classify(ceilingOf(input.partners.get(source.partner), input.owner));
  const filter = readFilter(reading, checked, ["filter"]);
  const transform = readCode(reading, checked, ["transform"]);
  const written = Object.entries(map(value.destinations));
  const destinations = written.map(([name, destination]) =>
    readDestination(reading, checked, name, map(destination), { ...input, source, classification }));
  const lookups = texts(value.lookups);
  const about = readCase(value.case, checked.isBroken(["case"]), input.lookups);
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
    ...optional("order", value.order === undefined ? undefined : toOrder(map(value.order))),
    ...optional("case", about),
    ...optional("acknowledges", readAcknowledges(value.acknowledges)),
    ...optional("keep", readKeeping(value.keep)),
    tests: readTests(reading, checked, value.tests, written.map(([name]) => name)),
    revision: revisionOf(parts(reading, file, { filter, transform, destinations, lookups, case: about }, input.lookups, input.profiles.get(source.profile ?? "")?.file)),
  };
  const named = (is: (d: DestinationSpec) => boolean) => new Set(destinations.filter(is).map((d) => d.name));
  return {
    channel,
    classify,
    isSound: isSound(checked),
    brokenDestinations: named((d) => !isDestinationSound(checked, d)),
    brokenOptions: named((d) => checked.isBroken(["destinations", d.name, d.connector])),
  };
}

/** Whether what the boundary asks of a channel could be read: who sends, what it may carry, where it goes. */
function isSound(checked: CheckedFile): boolean {
  const own = [[], ["source"], ["destinations"]].some((path) => checked.isBroken(path, false));
  return !own && !checked.isBroken(["classification"]) && !checked.isBroken(["source", "partner"]);
}

/** Keys of a destination that say how and when it is sent to, not what or to whom. */
const beside = ["filter", "transform", "queue", "retry", "window", "batch", "accept", "answers", "response", "fallback", "alert", "clinical"];

/** The same of a destination. A misspelt key may be any of them; a wrong option of its connector is none. */
function isDestinationSound(checked: CheckedFile, destination: DestinationSpec): boolean {
  const path = ["destinations", destination.name];
  const node = find(checked.place.node, path);
  const keys = node?.kind === "map" ? node.entries.map((entry) => entry.key) : [];
  const judged = keys.filter((key) => ![destination.connector, ...beside].includes(key));
  return !checked.isBroken(path, false) && !judged.some((key) => checked.isBroken([...path, key]));
}

/** A bare level inherits the compartments that may come; purposes can only be narrowed, and whose it is and what it obliges to stands with who sends it. */
function toClassification(value: unknown, ceiling: Ceiling): Classification {
  const written = typeof value === "string" ? { level: value } : map(value);
  const purposes = written.purposes === undefined ? ceiling.purposes : texts(written.purposes).filter((p) => ceiling.purposes?.includes(p) ?? true);
  const level = choice(written.level, levels, "phi");
  return {
    level,
    compartments: typeof value === "string" ? ceiling.compartments : texts(written.compartments),
    owners: ceiling.owners,
    ...optional("purposes", purposes),
    obligations: ceiling.obligations,
    ...optional("method", level === "deidentified" ? ceiling.method : undefined),
  };
}

/** The most that a partner may send. What a program under 42 CFR Part 2 sends is under it, whatever a message says of itself. */
export function ceilingOf(partner: Partner | undefined, owner: string): Ceiling {
  const { compartments, obligations, purposes }: Partner["ceiling"] = partner?.ceiling ?? { compartments: [], obligations: [] };
  return { compartments, owners: [partner?.owner ?? owner], ...optional("purposes", purposes), obligations };
}

function toOrder(value: Readonly<Record<string, unknown>>): NonNullable<Channel["order"]> {
  return { by: text(value.by), parallel: number(value.parallel, 8) };
}

/** What de-identifies is data of the engine, so with other data the same text is another channel. */
const policies = manifest.policies.filter(({ file }) => file.startsWith("deidentify/")).map(({ file, sha256 }) => `${file} ${sha256}`);

interface Deciding extends Pick<Channel, "destinations" | "lookups"> {
  readonly case: Channel["case"] | undefined;
  readonly filter: Channel["filter"] | undefined;
  readonly transform: Channel["transform"] | undefined;
}

function parts(reading: Reading, file: string, what: Deciding, tables: ReadonlyMap<string, LookupTable>, profile: string | undefined): string[] {
  const coded = what.destinations.flatMap((d) => Object.values(d.only ?? {})).flatMap((field) => (field.kind === "coded" ? [field.set] : []));
  const limits = what.destinations.flatMap(({ alert }) => alert?.rangesTable ?? []);
  const analytes = what.case?.analytes === undefined ? [] : [what.case.analytes.table];
  const used = [...new Set([...what.lookups, ...coded, ...limits, ...analytes])].sort().flatMap((name) => tables.get(name)?.file ?? []);
  const files = [...new Set([file, ...codeOf(what).flatMap((spec) => [spec.file, ...(spec.modules ?? []).map((module) => module.file)]).sort(), ...used, ...(profile === undefined ? [] : [profile])])];
  return [...files.flatMap((name) => [name, reading.sources.get(name) ?? ""]), ...(what.destinations.some(({ deidentify }) => deidentify) ? policies : [])];
}
