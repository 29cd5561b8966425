import type { Channel, DestinationSpec, Project } from "../../config/project.ts";
import type { Label } from "../boundary.ts";

/** What a message of this channel may hold: a plain class inherits the compartments of its source. */
export function ceilingOf(project: Project, channel: Channel): Label {
  const { level, compartments } = channel.classification;
  if (level !== "phi" || compartments.length > 0) return channel.classification;
  return { level, compartments: project.partners.get(channel.source.partner)?.ceiling.compartments ?? [] };
}

/** What a destination would send: only a closed list, set by the engine, lowers the class. */
export function labelSent(project: Project, channel: Channel, destination: DestinationSpec): Label {
  return destination.only && destination.sends === "none" ? { level: "none", compartments: [] } : ceilingOf(project, channel);
}
