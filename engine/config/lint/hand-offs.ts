import type { Range } from "../../sdk/index.ts";
import type { Channel, ConnectorCatalogue, DestinationSpec, Project } from "../project.ts";
import { destinationsOf } from "./rule.ts";

/** A destination that hands over to a channel of the same project. */
export interface HandsOver {
  readonly channel: Channel;
  readonly destination: DestinationSpec;
  /** Place of the name it is handed to. */
  readonly at: Range;
  readonly to: string;
  readonly taker?: Channel | undefined;
}

export function handOffs(project: Project, connectors: ConnectorCatalogue): HandsOver[] {
  return destinationsOf(project).flatMap(({ channel, destination, path }) => {
    if (!connectors.get(destination.connector)?.destination?.reachesChannel) return [];
    const to = typeof destination.options.to === "string" ? destination.options.to : "";
    const taker = project.channels.find((other) => other.name === to);
    return [{ channel, destination, at: channel.place.at(...path, destination.connector, "to"), to, taker }];
  });
}
