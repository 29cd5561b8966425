import type { Channel, LintRule, Project } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { called, waysOut, type WayOut } from "./ways-out.ts";

/** L04: below phi only declared fields leave, where code of the project has touched the message. */
export const closedList: LintRule = {
  code: "PHI-104",
  check: (project, { now }) =>
    waysOut(project, now).flatMap((way) => {
      const { channel, destination, partner } = way;
      const isDeclared = destination.only !== undefined && Object.keys(destination.only).length > 0;
      // A level the channel itself has needs no lowering, but `none` says that nobody is in it, and only a list can where it leaves the engine.
      const mayBeAsReceived = destination.sends !== "none" || channelOf(partner.name) !== undefined;
      const isAsReceived = mayBeAsReceived && destination.sends === channel.classification.level;
      if (destination.sends === "phi" || isDeclared || isAsReceived) return [];
      const code = destination.deidentify && destination.sends !== "none" ? codeOnTheWay(way, project) : undefined;
      // Without a step that lowers it, the step is what is missing (L03); with one and no code, all that leaves is the engine's own work (decision 0027).
      if (destination.sends !== "none" && code === undefined) return [];
      return [
        {
          code: "PHI-104",
          level: "error",
          at: channel.place.at("destinations", destination.name, "sends"),
          message: `destination "${destination.name}" sends ${destination.sends} to ${called(partner)} without a closed list${code === undefined ? "" : `, and ${code}`}`,
          help: `write under "only:" each field that may leave, for example\n  only: { event: { const: visit }, status: { enum: [F, P] } }${code === undefined ? "" : "\nor take the code off this way: what deidentify alone has made needs no list"}`,
        },
      ];
    }),
};

/** Code that could put something of its own into what leaves. Filters only choose messages. */
function codeOnTheWay({ channel, destination: { transform, deidentify } }: WayOut, project: Project): string | undefined {
  if (deidentify?.transform) return "the transform after deidentify touches it";
  if (transform) return "the transform of the destination touches it";
  if (channel.transform) return "the transform of the channel touches it";
  return codeBefore(channel, project) ?? (deidentify?.method === "aggregate" ? "its fields are what is counted" : undefined);
}

/** Code of the channels that the message has come through, however many hand it on. */
function codeBefore(channel: Channel, project: Project, seen = new Set<string>()): string | undefined {
  if (seen.has(channel.name)) return undefined;
  seen.add(channel.name);
  for (const from of project.channels) {
    const ways = from.destinations.filter(({ partner }) => channelOf(partner) === channel.name);
    if (ways.length === 0) continue;
    if (from.transform || ways.some(({ transform, deidentify }) => transform || deidentify?.transform)) {
      return `a transform of the channel "${from.name}", which hands on to "${channel.name}", touches it`;
    }
    const before = codeBefore(from, project, seen);
    if (before !== undefined) return before;
  }
  return undefined;
}
