import { isSegmentName, parsePath } from "../../codec/hl7v2/path.ts";
import { parseJson } from "../../codec/json/index.ts";
import type { Diagnostic, Format, Range } from "../../sdk/index.ts";
import { nearest } from "../check/suggest.ts";
import type { Channel } from "../project.ts";
import { segments } from "./segments.ts";
import { isFormatKnown } from "./source-format.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Paths into messages, in filters and closed lists, are ones that a message of this format can have. */
export const messagePath: Rule = {
  code: "CFG-167",
  check(project) {
    // Without a sound source the format of its messages is not known.
    const channels = project.channels.filter((channel) => isFormatKnown(project, channel));
    return channels.flatMap((channel) => paths(channel).flatMap(({ path, at }) => impossible(path, channel.source.format, at)));
  },
};

function paths({ place, filter, destinations }: Channel): { path: string; at: Range }[] {
  const found: { path: string; at: Range }[] = [];
  const filters = [{ filter, below: ["filter"] }, ...destinations.map((d) => ({ filter: d.filter, below: ["destinations", d.name, "filter"] }))];
  for (const { filter: spec, below } of filters) {
    if (spec?.kind !== "match") continue;
    for (const path of Object.keys(spec.conditions)) found.push({ path, at: place.atKey(...below, path) });
  }
  for (const { name, only } of destinations) {
    for (const [field, spec] of Object.entries(only ?? {})) {
      const key = spec.kind === "copy" ? "copy" : "surrogate";
      const path = spec.kind === "copy" ? spec.path : spec.kind === "surrogate" ? spec.of : undefined;
      if (path !== undefined) found.push({ path, at: place.at("destinations", name, "only", field, key) });
    }
  }
  return found;
}

function impossible(path: string, format: Format, at: Range): Diagnostic[] {
  if (format === "text" || format === "csv" || format === "xml") return [error("CFG-167", at, "plain text has no paths", "write a filter in code, or name the real format")];
  if (format === "hl7v2") return hl7(path, at);
  if (isHl7(path)) return [error("CFG-167", at, `${path} is a path of HL7 v2, but this channel reads ${format}`, "name elements, for example status or subject.reference")];
  if (canRead(() => parseJson("{}", format).values(path))) return [];
  return [error("CFG-167", at, `${path} is no path of a ${format} message`, "names joined by dots, for example subject.reference, or extension(name)")];
}

function hl7(path: string, at: Range): Diagnostic[] {
  if (!canRead(() => parsePath(path))) {
    return [error("CFG-167", at, `${path} is no path of an HL7 v2 message`, "segment, field, component: for example PID-5.1, PID-3[2].4 or OBX[3]-5")];
  }
  const name = path.slice(0, 3);
  if (name.startsWith("Z") || segments.has(name)) return [];
  const near = nearest(name, segments);
  const help = near === undefined ? "a site's own segments begin with Z" : `did you mean ${near}${path.slice(3)}?`;
  return [warning("CFG-167", at, `HL7 v2 has no segment ${name}`, help)];
}

function isHl7(path: string): boolean {
  return isSegmentName(path) && canRead(() => parsePath(path));
}

function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
