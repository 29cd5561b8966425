import type { Channel, DestinationSpec, Partner, Project } from "../../config/project.ts";
import { self } from "../../config/self.ts";
import type { Label, Refusal, Verdict } from "../boundary.ts";
import { permits } from "../flow-rule.ts";
import { labelSent } from "./labels.ts";

/** One destination with all that its proof needs. */
export interface WayOut {
  readonly channel: Channel;
  readonly destination: DestinationSpec;
  readonly partner: Partner;
  /** The most that it would send. */
  readonly label: Label;
  /** What the flow rule would say of that now. */
  readonly verdict: Verdict;
}

/** Every rule asks for the same ways at the same moment. */
const known = new WeakMap<Project, { readonly now: number; readonly ways: readonly WayOut[] }>();

/** Every destination whose partner is known; config reports the others. */
export function waysOut(project: Project, now: number): readonly WayOut[] {
  const last = known.get(project);
  if (last?.now === now) return last.ways;
  const ways = waysOf(project, now);
  known.set(project, { now, ways });
  return ways;
}

function waysOf(project: Project, now: number): readonly WayOut[] {
  const found: WayOut[] = [];
  for (const channel of project.channels) {
    for (const destination of channel.destinations) {
      const partner = project.partners.get(destination.partner);
      // The engine itself is nobody to send to; config says so.
      if (!partner || partner.name === self) continue;
      const label = labelSent(channel, destination);
      found.push({ channel, destination, partner, label, verdict: permits({ label, destination, partner, now }) });
    }
  }
  return found;
}

export function refusalOf({ verdict }: WayOut): Refusal | undefined {
  return "refusal" in verdict ? verdict.refusal : undefined;
}

/** What the flow rule would say if something about the way were otherwise. */
export function otherwise(way: WayOut, now: number, change: { readonly label?: Partial<Label>; readonly partner?: Partial<Partner> }): Refusal | undefined {
  const { destination } = way;
  const verdict = permits({ label: { ...way.label, ...change.label }, destination, partner: { ...way.partner, ...change.partner }, now });
  return "refusal" in verdict ? verdict.refusal : undefined;
}

/** The partner as people know it. */
export function called({ legalName, name }: Partner): string {
  return legalName ?? name;
}
