import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, DestinationSpec, LintRule, Partner } from "../../config/project.ts";
import { isSelf } from "../../config/self.ts";
import { isWritten } from "../../config/yaml/place.ts";
import { isAtMost } from "../levels.ts";
import { levelOf } from "./deidentified.ts";
import { called } from "./ways-out.ts";

/**
 * L01: classes are declared, and a declaration lowers nothing. A channel carries what its sender may send, no less and no more compartments; a destination
 * that has a step which lowers the class says what it sends. Config sees to it that a channel declares its class at all.
 */
export const declared: LintRule = {
  code: "PHI-101",
  check: (project, { connectors }) =>
    project.channels.flatMap((channel) => {
      const { partner: named, connector } = channel.source;
      // What the engine itself gives has nobody's ceiling.
      const partner = connectors.get(connector)?.source?.fromEngine || isSelf(named) ? undefined : project.partners.get(named);
      return [...(partner ? ofSource(channel, partner) : []), ...ofDestinations(channel)];
    }),
};

function ofSource({ name, place, classification }: Channel, partner: Partner): Diagnostic[] {
  const { level, compartments } = classification;
  const { inbound } = partner.links;
  const error = (at: Diagnostic["at"], message: string, help: string): Diagnostic => ({ code: "PHI-101", level: "error", at, message, help });
  const most = partner.ceiling.level ?? (inbound?.phi === "never" ? "deidentified" : "phi");
  const at = isWritten(place, "classification", "level") ? place.at("classification", "level") : place.at("classification");
  const found: Diagnostic[] = [];
  // A link that never carries patient data leaves the choice between what is below; carrying more over it is the business of L22.
  const isChoice = inbound?.phi === "never" || !inbound;
  if (!isChoice && level !== most && isAtMost(level, most)) {
    const help = `write "classification: ${most}", and let a destination lower it by "deidentify" or by a closed list;\nif ${partner.name} never sends more, write "ceiling: { level: ${level} }" at it in partners.yaml`;
    found.push(error(at, `channel "${name}" declares ${level}, and ${called(partner)} may send ${most}: a declaration lowers no class`, help));
  }
  if (!isChoice && !isAtMost(level, most)) {
    found.push(error(at, `channel "${name}" carries ${level}, and the ceiling of ${called(partner)} is ${most}`, `write "classification: ${most}", or raise that ceiling in partners.yaml`));
  }
  const beyond = compartments.filter((each) => !partner.ceiling.compartments.includes(each));
  if (beyond.length > 0) {
    const help = `name them at "${partner.name}" in partners.yaml: ceiling: { compartments: [${[...partner.ceiling.compartments, ...beyond].join(", ")}] }`;
    found.push(error(place.at("classification", "compartments"), `channel "${name}" carries ${beyond.join(", ")}, which the ceiling of ${called(partner)} does not name`, help));
  }
  return found;
}

/** A destination with a step that lowers the class, which would send all that the channel carries because it does not say otherwise. */
export function isUnstated({ place, classification }: Channel, { name, only, deidentify }: DestinationSpec): boolean {
  // A place that knows no file, as of a project made in memory, has everything written.
  const isStated = !("node" in place) || isWritten(place, "destinations", name, "sends");
  return !isStated && (only ?? deidentify) !== undefined && classification.level !== "none";
}

function ofDestinations(channel: Channel): Diagnostic[] {
  const { place, destinations, classification } = channel;
  return destinations.filter((destination) => isUnstated(channel, destination)).flatMap(({ name, deidentify }) => {
    const step = deidentify ? "deidentify" : "a closed list";
    return [{
      code: "PHI-101" as const,
      level: "error" as const,
      at: place.atKey("destinations", name),
      message: `destination "${name}" has ${step} and does not say what it sends: unless it says, that is ${classification.level}`,
      help: `write "sends: ${deidentify ? levelOf(deidentify) : "none"}"`,
    }];
  });
}
