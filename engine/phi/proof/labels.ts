import type { Channel, DestinationSpec } from "../../config/project.ts";
import type { Label } from "../boundary.ts";

/** What a destination would send: only a closed list, set by the engine, lowers the class, and only to `none`. */
export function labelSent(channel: Channel, destination: DestinationSpec): Label {
  return destination.only && destination.sends === "none" ? { level: "none", compartments: [] } : channel.classification;
}
