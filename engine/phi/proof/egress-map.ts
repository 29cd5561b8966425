import type { Channel, ClosedField, DestinationSpec, Project } from "../../config/project.ts";
import { standing } from "../agreements.ts";
import type { Label } from "../boundary.ts";
import { capacity, fieldCapacity } from "../capacity.ts";
import { cover } from "../flow-rule.ts";
import { labelSent } from "./labels.ts";

/** What `sluice lint --map` writes: every way out, and why it is allowed. A review reads the difference of two of these. */
export interface EgressMap {
  readonly project: string;
  readonly destinations: readonly Egress[];
}

export interface Egress {
  readonly channel: string;
  readonly destination: string;
  readonly partner: string;
  readonly path: readonly string[];
  readonly labelIn: Label;
  readonly labelOut: Label;
  readonly purpose?: string;
  /** Agreement that covers it and is in force; absent where none is needed, or none is there. */
  readonly agreement?: string;
  readonly closedList?: readonly { readonly field: string; readonly kind: ClosedField["kind"]; readonly bits: number }[];
  readonly capacityBits?: number;
}

export function egressMap(project: Project, now: number): EgressMap {
  return {
    project: project.settings.name,
    destinations: project.channels.flatMap((channel) => channel.destinations.map((d) => egress(project, channel, d, now))),
  };
}

function egress(project: Project, channel: Channel, destination: DestinationSpec, now: number): Egress {
  const { only, purpose } = destination;
  const labelOut = labelSent(channel, destination);
  const need = { level: labelOut.level, compartments: labelOut.compartments, purpose };
  const partner = labelOut.level === "none" ? undefined : project.partners.get(destination.partner);
  const agreement = partner && cover(partner, need).covering.find((a) => standing(a, now) === "in-force");
  return {
    channel: channel.name,
    destination: destination.name,
    partner: destination.partner,
    path: steps(channel, destination),
    labelIn: channel.classification,
    labelOut,
    ...(purpose === undefined ? {} : { purpose }),
    ...(agreement ? { agreement: agreement.id } : {}),
    ...(only
      ? {
          closedList: Object.entries(only).map(([field, spec]) => ({ field, kind: spec.kind, bits: rounded(fieldCapacity(spec)) })),
          capacityBits: rounded(capacity(only)),
        }
      : {}),
  };
}

function steps(channel: Channel, destination: DestinationSpec): string[] {
  return [
    `source ${channel.source.partner}`,
    ...(channel.transform ? ["transform of the channel"] : []),
    ...(destination.transform ? ["transform of the destination"] : []),
    ...(destination.only ? ["closed list"] : []),
    `${destination.connector} to ${destination.partner}`,
  ];
}

function rounded(bits: number): number {
  return Math.round(bits * 10) / 10;
}
