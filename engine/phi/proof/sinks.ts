import type { DestinationSpec, LintRule, Partner } from "../../config/project.ts";
import { isUnstated } from "./declared.ts";
import { called, waysOut } from "./ways-out.ts";

/** Parties that read what machines say of themselves: mail boxes, trackers of errors, collectors of logs (phi.md 1.11). */
const kinds: readonly string[] = ["email", "error-tracker", "log-sink"];

export function isSink({ partner, destination }: { readonly partner: Partner; readonly destination: DestinationSpec }): boolean {
  return kinds.includes(partner.kind) && destination.sends !== "none";
}

/** L17: logs, alerts and traces are exits of class none. The engine's own hold codes and counts alone; a destination to such a party sends no more. */
export const sinks: LintRule = {
  code: "PHI-117",
  check: (project, { now }) =>
    waysOut(project, now).filter((way) => isSink(way) && !isUnstated(way.channel, way.destination)).map(({ channel, destination, partner }) => ({
      code: "PHI-117" as const,
      level: "error" as const,
      at: channel.place.at("destinations", destination.name, "partner"),
      message: `destination "${destination.name}" would send ${destination.sends} to ${called(partner)}, which is of kind ${partner.kind}: such parties get nothing about a person`,
      help: 'set "sends: none" with a closed list under "only:", for example\n  only: { event: { const: result-waiting } }',
    })),
};
