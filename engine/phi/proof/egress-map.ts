import type { Channel, ClosedField, DestinationSpec, Project } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import type { Label } from "../boundary.ts";
import { capacity, fieldCapacity } from "../capacity.ts";
import { configurationHash } from "../deidentify/configuration-hash.ts";
import { policiesOf } from "../deidentify/formats.ts";
import { permits } from "../flow-rule.ts";
import { policies } from "../policies/manifest.ts";
import { policyRef } from "../policies/policy.ts";
import { type AllowedBy, allowedBy } from "./allowed-by.ts";
import { type Answer, answersOf } from "./answer-edges.ts";
import { labelAnswered } from "./answers.ts";
import { inOrder, labelText } from "./label-text.ts";
import { type Question, questionOf } from "./question-edges.ts";
import { labelsAlong } from "./labels.ts";

/** What `sluice lint --map` writes: every way out, and why it is allowed. A review reads the difference of two of these, so its order follows from names alone. */
export interface EgressMap {
  readonly project: string;
  readonly owner: string;
  /** Policy data of the engine that made this map: `id@version#sha256` of each file. */
  readonly policies: readonly string[];
  readonly destinations: readonly Egress[];
  /** What sources ask of the partners that they take messages from. */
  readonly questions: readonly Question[];
  /** Answers of partners that go back to senders. */
  readonly answers: readonly Answer[];
}

/** One way out. What is absent is not there: no agreement where none is needed, or where `denied` says that none covers it now. */
export interface Egress extends AllowedBy {
  readonly channel: string;
  readonly destination: string;
  readonly partner: string;
  /** Each step and the most that the data is after it. */
  readonly path: readonly { readonly step: string; readonly label: string }[];
  readonly labelIn: Label;
  readonly labelOut: Label;
  readonly purpose?: string;
  /** Policies by which the engine de-identifies, and the hash of the configuration that an expert examines. */
  readonly deidentify?: { readonly method: string; readonly policies: readonly string[]; readonly configuration?: string };
  readonly closedList?: readonly { readonly field: string; readonly kind: ClosedField["kind"]; readonly bits: number }[];
  /** Left to code a message; absent where whole messages leave. */
  readonly capacityBits?: number;
  /** The most that the partner's answer may hold. */
  readonly answer: string;
  /** Destination that takes what is dead or rejected here, on its own path. */
  readonly fallback?: string;
  /** Channel of this project that it hands over to. */
  readonly handsTo?: string;
}

export function egressMap(project: Project, now: number): EgressMap {
  const channels = project.channels.toSorted((a, b) => byName(a.name, b.name));
  return {
    project: project.settings.name,
    owner: project.settings.owner,
    policies: policies.map(policyRef),
    destinations: channels.flatMap((channel) =>
      channel.destinations.toSorted((a, b) => byName(a.name, b.name)).map((destination) => egress(project, channel, destination, now))),
    questions: channels.flatMap((channel) => questionOf(project, channel, now)),
    answers: channels.flatMap((channel) => answersOf(project, channel, now)),
  };
}

function egress(project: Project, channel: Channel, destination: DestinationSpec, now: number): Egress {
  const { only, purpose, fallback, deidentify } = destination;
  const along = labelsAlong(channel, destination);
  const label = along.at(-1)?.label ?? channel.classification;
  const partner = project.partners.get(destination.partner);
  const verdict = partner && permits({ label, destination, partner, now });
  const configuration = configurationHash(destination);
  const handsTo = channelOf(destination.partner);
  return {
    channel: channel.name,
    destination: destination.name,
    partner: destination.partner,
    path: along.map(({ step, label }) => ({ step, label: labelText(label) })),
    labelIn: inOrder(channel.classification),
    labelOut: inOrder(label),
    ...(purpose === undefined ? {} : { purpose }),
    ...(verdict ? allowedBy(verdict) : { denied: "PHI-202 partner" }),
    ...(deidentify ? { deidentify: { method: deidentify.method, policies: policiesOf(deidentify), ...(configuration !== undefined && { configuration }) } } : {}),
    ...(only
      ? {
          closedList: Object.entries(only).map(([field, spec]) => ({ field, kind: spec.kind, bits: rounded(fieldCapacity(spec)) })),
          capacityBits: rounded(capacity(only)),
        }
      : {}),
    answer: labelText(labelAnswered(channel, destination, partner)),
    ...(fallback === undefined ? {} : { fallback }),
    ...(handsTo === undefined ? {} : { handsTo }),
  };
}

/** By code units, in every locale. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rounded(bits: number): number {
  return Math.round(bits * 10) / 10;
}
