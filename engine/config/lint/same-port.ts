import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, Project } from "../project.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { error, type Rule } from "./rule.ts";
import { listenerOf } from "./source-roles.ts";

/** Two listeners cannot share a port, except HTTP routes that differ by method or path. */
export const samePort: Rule = {
  code: "CFG-134",
  check(project) {
    const found: Diagnostic[] = [];
    const before: Channel[] = [];
    for (const channel of project.channels) {
      // Which of two it misses, the path or the method, is what was misspelt.
      if (hasErrorIn(project, channel.place.at("source", channel.source.connector))) continue;
      const clash = consoleClash(project, channel) ?? firstClash(before, channel);
      if (clash) found.push(clash);
      before.push(channel);
    }
    return found;
  },
};

function firstClash(before: readonly Channel[], channel: Channel): Diagnostic | undefined {
  const mine = listenerOf(channel.source)?.options;
  if (!mine) return undefined;
  for (const other of before) {
    const theirs = listenerOf(other.source)?.options;
    if (!theirs) continue;
    if (mine.port === undefined || mine.port === 0 || mine.port !== theirs.port || !overlap(mine.host, theirs.host)) continue;
    // Only routes of HTTP have paths, whichever connector serves them; one that names no method takes several.
    const areRoutes = typeof mine.path === "string" && typeof theirs.path === "string";
    if (areRoutes && (mine.path !== theirs.path || (mine.method !== undefined && theirs.method !== undefined && mine.method !== theirs.method))) continue;
    if (areRoutes) return error("CFG-134", at(channel, "path"), `the channel "${other.name}" already takes ${mine.method ?? "requests"} ${mine.path} on port ${mine.port}`, "give each channel its own path, method or port");
    return error("CFG-134", at(channel, "port"), `the channel "${other.name}" already listens on port ${mine.port}`, "give each its own port");
  }
  return undefined;
}

function consoleClash(project: Project, channel: Channel): Diagnostic | undefined {
  const { port } = project.settings.console;
  const mine = listenerOf(channel.source)?.options;
  if (!mine || port === 0 || mine.port !== port || !overlap(mine.host, "127.0.0.1")) return undefined;
  return error("CFG-134", at(channel, "port"), `the console listens on port ${port}`, "choose another port here, or under console: in sluice.yaml");
}

function at(channel: Channel, option: string): Diagnostic["at"] {
  const path = ["source", channel.source.connector, ...(listenerOf(channel.source)?.path ?? []), option];
  return isWritten(channel.place, ...path) ? channel.place.at(...path) : channel.place.atKey("source", channel.source.connector);
}

/** Hosts that can hold the same address; a wildcard holds all. */
function overlap(a: unknown = "127.0.0.1", b: unknown = "127.0.0.1"): boolean {
  const same = (host: unknown) => (host === "localhost" ? "127.0.0.1" : host);
  return same(a) === same(b) || [a, b].some((host) => host === "0.0.0.0" || host === "::");
}
