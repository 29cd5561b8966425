import type { Channel, DestinationSpec, Partner } from "../../config/project.ts";
import type { Label } from "../boundary.ts";
import { permits } from "../flow-rule.ts";

/** What a source asks its partner, as a way out: the boundary reads it like a destination's. */
export interface Asking {
  readonly label: Label;
  readonly spec: DestinationSpec;
}

/** Nothing about anybody. */
const nothing: Label = { level: "none", compartments: [], owners: [], obligations: [] };

/** Parties that give care to the patients they are asked about. */
const treating: readonly string[] = ["provider", "lab", "pharmacy-network", "hie"];

const known = new WeakMap<Channel, { readonly phi: DestinationSpec; readonly none: DestinationSpec }>();

/**
 * The most that a question may hold: as much as the channel carries, where link and agreements of this moment let that go to the source's partner;
 * else nothing about anybody, and the guard sees to it.
 */
export function asking(channel: Channel, partner: Partner, now: number): Asking {
  const { phi, none } = specsOf(channel, partner);
  const label = channel.classification;
  return "permit" in permits({ label, destination: phi, partner, now }) ? { label, spec: phi } : { label: nothing, spec: none };
}

function specsOf(channel: Channel, { kind }: Partner) {
  let specs = known.get(channel);
  if (!specs) {
    const { partner, connector, options, format, purpose } = channel.source;
    const forCare = purpose ?? (treating.includes(kind) ? "TREAT" : undefined);
    const spec = { name: "source", partner, connector, options, format, retry: { attempts: 1, initialMs: 0, maxMs: 0, maxAgeMs: 0 }, ...(forCare !== undefined && { purpose: forCare }) };
    known.set(channel, (specs = { phi: { ...spec, sends: channel.classification.level }, none: { ...spec, sends: "none" } }));
  }
  return specs;
}
