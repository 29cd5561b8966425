import type { Agreement, Channel, DestinationSpec, Partner, Project } from "../../config/project.ts";
import { self } from "../../config/self.ts";
import { gaps, type Need } from "../agreements.ts";
import { cover } from "../flow-rule.ts";
import { isAtMost } from "../levels.ts";
import { labelSent } from "./labels.ts";

/** One destination with all that its proof needs. */
export interface WayOut {
  readonly channel: Channel;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  readonly need: Need;
  /** Agreements that cover the need by their terms, dates apart. */
  readonly covering: readonly Agreement[];
  /** What the nearest agreement lacks, when none covers. */
  readonly missing: ReturnType<typeof cover>["missing"];
}

/** Every destination whose partner is known; config reports the others. */
export function waysOut(project: Project): WayOut[] {
  const found: WayOut[] = [];
  for (const channel of project.channels) {
    for (const destination of channel.destinations) {
      const partner = project.partners.get(destination.partner);
      // The engine itself is nobody to send to; config says so.
      if (!partner || partner.name === self) continue;
      const { level, compartments } = labelSent(channel, destination);
      const need = { level, compartments, purpose: destination.purpose };
      found.push({ channel, destination, partner, need, ...cover(partner, need) });
    }
  }
  return found;
}

/** Whether it is declared below what it would send, with no step of the engine that lowers the class. */
export function lacksDeclassifier({ destination, need }: WayOut): boolean {
  return !isAtMost(need.level, destination.sends);
}

/** Whether the agreements of the partner would do if compartments did not count. */
export function coversButCompartments({ partner, need }: WayOut): boolean {
  return partner.agreements.some((a) => gaps(a, { ...need, compartments: [] }).length === 0);
}

/** The partner as people know it. */
export function called({ legalName, name }: Partner): string {
  return legalName ?? name;
}
