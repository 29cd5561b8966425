import type { Diagnostic, Range } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { codeOf } from "../code-of.ts";
import type { Channel, Project } from "../project.ts";
import { hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";
import { placeIn } from "./code-place.ts";
import { error, type Rule } from "./rule.ts";

/** Tables that a channel lists exist, and tables that its code or closed lists use are there. */
export const unknownLookup: Rule = {
  code: "CFG-163",
  check(project) {
    return [...project.channels.flatMap((channel) => [...listed(project, channel), ...coded(project, channel), ...analytes(project, channel), ...called(project, channel)]), ...scheduled(project, (name, at) => unknown(project, name, at))];
  },
};

function listed(project: Project, { place, lookups }: Channel): Diagnostic[] {
  return lookups.flatMap((name, i) => (project.lookups.has(name) ? [] : [unknown(project, name, place.at("lookups", i))]));
}

/** Schedules of drugs, which the engine asks for itself. */
function scheduled({ settings: { drugSchedules, place }, lookups }: Project, unknownAt: (name: string, at: Range) => Diagnostic): Diagnostic[] {
  return drugSchedules === undefined || lookups.has(drugSchedules) ? [] : [unknownAt(drugSchedules, place.at("drugSchedules"))];
}

/** The tests that a site knows. */
function analytes(project: Project, { place, case: about }: Channel): Diagnostic[] {
  const { table = "" } = about?.analytes ?? {};
  return table === "" || project.lookups.has(table) || hasErrorIn(project, place.at("case", "analytes")) ? [] : [unknown(project, table, place.at("case", "analytes", "table"))];
}

function coded(project: Project, { place, destinations }: Channel): Diagnostic[] {
  return destinations.flatMap((d) =>
    Object.entries(d.only ?? {}).flatMap(([field, spec]) =>
      spec.kind === "coded" && !project.lookups.has(spec.set) ? [unknown(project, spec.set, place.at("destinations", d.name, "only", field, "coded"))] : []));
}

/** `lookup("name", ...)` with the name written out, once per name. Names that are computed show at run time. */
function called(project: Project, channel: Channel): Diagnostic[] {
  // A name that is listed wrongly is most likely the one that the code reads.
  const isListWrong = channel.lookups.some((name) => !project.lookups.has(name)) || hasErrorIn(project, channel.place.at("lookups"));
  const said = new Set(channel.lookups);
  return codeOf(channel).flatMap((code) =>
    [...code.text.matchAll(/\blookup\(\s*(["'])([^"'\n]+)\1/g)].flatMap((call) => {
      const name = call[2] ?? "";
      if (said.has(name)) return [];
      said.add(name);
      const at = placeIn(code, (call.index ?? 0) + call[0].length - name.length - 1, name.length);
      if (!project.lookups.has(name)) return [unknown(project, name, at)];
      if (isListWrong || hasMisspeltKey(project, channel.place)) return [];
      return [error("CFG-163", at, `the code reads the table "${name}", which the channel does not list`, `add it: lookups: [${[...channel.lookups, name].join(", ")}]`)];
    }));
}

function unknown(project: Project, name: string, at: Range): Diagnostic {
  return error("CFG-163", at, `there is no lookup table "${name}"`, choices(name, [...project.lookups.keys()], "tables in lookups/"));
}
