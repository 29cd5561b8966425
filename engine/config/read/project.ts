import { join, posix, resolve } from "node:path";
import { type Check, checkOf } from "../check/check.ts";
import { byPlace } from "../diagnostics/order.ts";
import { type FileSystem, nodeFiles } from "../files.ts";
import type { ConnectorCatalogue, Project, ReadResult } from "../project.ts";
import { channelSchema } from "../schema/channel.ts";
import { child, type Node } from "../yaml/node.ts";
import { ceilingOf, type ChannelInput, type ChannelRead, readChannel } from "./channel.ts";
import { withHandedOver } from "./handed-over.ts";
import { readLookups } from "./lookups.ts";
import { readPartners } from "./partners.ts";
import { readProfiles } from "./profiles.ts";
import { type Reading, readYaml, startReading } from "./reading.ts";
import { readSettings } from "./settings.ts";
import { ownPartners } from "../self.ts";
import { rememberSound } from "./soundness.ts";
import { withTestFiles } from "./test-files.ts";

export interface ReadOptions {
  readonly connectors: ConnectorCatalogue;
  /** Default: the disk. */
  readonly files?: FileSystem;
}

/**
 * Reads the folder of a project. Never throws for what is in its files: all mistakes come as diagnostics, in the order of
 * the files, and the project holds what could be read. A project with an error must not run.
 */
export function readProject(root: string, options: ReadOptions): ReadResult {
  const reading = startReading(resolve(root), options.files ?? nodeFiles);
  const settings = readSettings(reading);
  const parties = readPartners(reading, settings.owner);
  const lookups = readLookups(reading);
  const profiles = readProfiles(reading);
  const input: ChannelInput = { owner: settings.owner, connectors: options.connectors, check: channelCheck(options.connectors), partners: parties.partners, lookups, profiles };
  const found = channelFiles(reading);
  const reads = found.channels.map(({ file, node }) => readChannel(reading, file, node, input));
  const classified = withHandedOver(reads, ceilingOf(undefined, settings.owner));
  const tested = withTestFiles(reading, classified, found.isComplete);
  const channels = reads.map((read, i) => ({ ...read, channel: tested[i] ?? read.channel }));
  const own = ownPartners(channels.map((read) => read.channel), options.connectors, settings);
  const project: Project = {
    root: reading.root,
    settings,
    partners: new Map([...parties.partners, ...own]),
    channels: channels.map((read) => read.channel),
    profiles: new Map([...profiles].map(([name, { profile }]) => [name, profile])),
    lookups: new Map([...lookups].map(([name, table]) => [name, table.rows])),
  };
  const sound = parties.isReadable ? channels.flatMap(soundChannel) : [];
  const partners = new Map([...[...parties.partners].filter(([name]) => !parties.broken.has(name)), ...own]);
  rememberSound(project, {
    sound: { ...project, partners, channels: sound },
    complete: { partners: parties.isReadable, channels: found.isComplete },
    errors: reading.diagnostics.filter((d) => d.level === "error").map((d) => d.at),
  });
  return { project, diagnostics: byPlace(reading.diagnostics), sources: reading.sources };
}

const checks = new WeakMap<ConnectorCatalogue, { readonly names: string; readonly check: Check }>();

/** Compiling takes longer than reading a project, so it is done once per set of connectors. */
function channelCheck(connectors: ConnectorCatalogue): Check {
  const names = connectors.names.join(" ");
  const known = checks.get(connectors);
  if (known?.names === names) return known.check;
  const check = checkOf(channelSchema(connectors));
  checks.set(connectors, { names, check });
  return check;
}

function soundChannel(read: ChannelRead): Project["channels"] {
  if (!read.isSound) return [];
  const sound = read.channel.destinations.filter((d) => !read.brokenDestinations.has(d.name));
  return [{ ...read.channel, destinations: sound.map((d) => (read.brokenOptions.has(d.name) ? { ...d, options: {} } : d)) }];
}

interface ChannelFiles {
  readonly channels: readonly { readonly file: string; readonly node: Node }[];
  /** Whether every file could be read. */
  readonly isComplete: boolean;
}

/** Every YAML file of the project, and of its folder `channels/`, that describes a channel. */
function channelFiles(reading: Reading): ChannelFiles {
  const channels: { file: string; node: Node }[] = [];
  let isComplete = true;
  for (const folder of ["", "channels"]) {
    const path = join(reading.root, folder);
    if (!reading.files.exists(path)) continue;
    for (const name of reading.files.list(path)) {
      const file = posix.join(folder, name);
      if (!/\.ya?ml$/.test(name) || file === "sluice.yaml" || file === "partners.yaml") continue;
      const node = readYaml(reading, file);
      if (!node) isComplete = false;
      else if (["channel", "source", "destinations"].some((key) => child(node, key))) channels.push({ file, node });
    }
  }
  return { channels, isComplete };
}
