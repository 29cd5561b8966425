import type { Channel, ClosedField, DestinationSpec, LintRule, Project } from "../../config/project.ts";
import { originsOf } from "./origins.ts";

/** A destination of counts has categories alone to count by, and nothing beside it says when or how its messages go. */
export const reportFields: LintRule = {
  code: "PHI-125",
  check: (project) =>
    project.channels.flatMap((channel) =>
      channel.destinations.filter(isReport).flatMap((destination) =>
        [...beside(destination), ...fields(destination), ...another(project, channel, destination)].map(({ path, why, help }) => ({
          code: "PHI-125" as const,
          level: "error" as const,
          at: channel.place.at("destinations", destination.name, ...path),
          message: `destination "${destination.name}" sends one report a period, and ${why}`,
          help,
        })),
      ),
    ),
};

function isReport({ deidentify }: DestinationSpec): boolean {
  return deidentify?.method === "aggregate";
}

/** Of two reports of one sender's data to one partner, one could be subtracted from the other. */
function another(project: Project, channel: Channel, { name, partner }: DestinationSpec): readonly Flaw[] {
  const origins = (of: Channel) => [of.source.partner, ...originsOf(project, of).map((each) => each.name)];
  const all = project.channels.flatMap((of) => of.destinations.flatMap((each) => (isReport(each) && each.partner === partner ? [{ of, name: each.name }] : [])));
  const at = all.findIndex((each) => each.of === channel && each.name === name);
  const before = all.slice(0, at).find(({ of }) => origins(of).some((origin) => origins(channel).includes(origin)));
  if (!before) return [];
  return [{ path: ["deidentify"], why: `"${before.name}" of channel "${before.of.name}" sends another of the same sender's data to the same partner, so that one could be subtracted from the other`, help: "send one report to a partner, with all the fields it needs" }];
}

interface Flaw {
  readonly path: readonly string[];
  readonly why: string;
  readonly help: string;
}

function beside({ batch, window, queue }: DestinationSpec): readonly Flaw[] {
  const found: Flaw[] = [];
  if (batch) found.push({ path: ["batch"], why: "batch would say otherwise", help: 'remove batch: the messages of a period are the members of its report' });
  if (window) found.push({ path: ["window"], why: "a window would keep it back", help: "remove window: a report goes when its period is over" });
  if (queue === "none") found.push({ path: ["queue"], why: "without a queue nothing waits for its end", help: "remove queue" });
  return found;
}

function fields({ only = {} }: DestinationSpec): readonly Flaw[] {
  const all = Object.entries(only);
  const wrong = all.filter(([, field]) => !isCategory(field));
  const found = wrong.map(([name, { kind }]) => ({ path: ["only", name], why: `field "${name}" (${kind}) is no category to count by`, help: "count by enum, coded and boolean fields, years, three-digit ZIP codes or age bands; a const stands beside the counts" }));
  if (Object.hasOwn(only, "count")) found.push({ path: ["only", "count"], why: 'its rows have "count" already', help: "give the field another name" });
  const counts = all.some(([, field]) => field.kind !== "const");
  return counts ? found : [...found, { path: ["deidentify"], why: "its closed list names nothing to count by", help: 'name under "only" the fields to count by' }];
}

/** Numbers are measured and codes of the engine's are somebody's: neither is a category. */
function isCategory({ kind }: ClosedField): boolean {
  return !["integer", "number", "surrogate", "copy"].includes(kind);
}
