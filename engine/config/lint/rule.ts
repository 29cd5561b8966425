import type { Diagnostic, Range } from "../../sdk/index.ts";
import type { ConfigCode } from "../codes.ts";
import type { Channel, DestinationSpec, LintContext, Project } from "../project.ts";

/** A rule of configuration: what it needs to say a mistake. */
export interface Rule {
  readonly code: ConfigCode;
  check(project: Project, context: LintContext): readonly Diagnostic[];
}

export function error(code: ConfigCode, at: Range, message: string, help?: string): Diagnostic {
  return { code, level: "error", at, message, ...(help === undefined ? {} : { help }) };
}

export function warning(code: ConfigCode, at: Range, message: string, help?: string): Diagnostic {
  return { ...error(code, at, message, help), level: "warning" };
}

/** Every destination with its channel and its path in the channel's file. */
export function destinationsOf(project: Project): { channel: Channel; destination: DestinationSpec; path: readonly string[] }[] {
  return project.channels.flatMap((channel) =>
    channel.destinations.map((destination) => ({ channel, destination, path: ["destinations", destination.name] })));
}
