import type { Channel, Project } from "../config/project.ts";
import { programName } from "../flow/ports.ts";
import type { ChannelProgram } from "../sandbox/sandbox.ts";

/** What the sandbox needs of a channel: its code, its lookups and its limits. */
export function programOf(channel: Channel, project: Project): ChannelProgram {
  const { sandbox } = project.settings;
  return {
    name: programName(channel),
    channel: channel.name,
    revision: channel.revision,
    format: channel.source.format,
    ...(channel.source.csv ? { csv: channel.source.csv } : {}),
    ...(channel.filter ? { filter: channel.filter, filterAt: channel.place.at("filter") } : {}),
    ...(channel.transform ? { transform: channel.transform } : {}),
    destinations: channel.destinations.map(({ name, format, filter, transform, response, deidentify }) => ({
      name,
      format,
      ...(filter ? { filter, filterAt: channel.place.at("destinations", name, "filter") } : {}),
      ...(transform ? { transform } : {}),
      ...(deidentify?.transform ? { deidentified: { transform: deidentify.transform } } : {}),
      ...(response?.transform ? { response: { format: response.format, transform: response.transform } } : {}),
    })),
    lookups: Object.fromEntries(channel.lookups.map((name) => [name, project.lookups.get(name) ?? {}])),
    limits: { timeoutMs: sandbox.timeoutMs, memoryMb: sandbox.memoryMb, outputBytes: 64 * 1024 * 1024 },
  };
}
