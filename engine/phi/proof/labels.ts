import type { Channel, DestinationSpec } from "../../config/project.ts";
import type { Label } from "../boundary.ts";
import { deidentified } from "./deidentified.ts";

/** Nothing about anybody. */
const nothing: Label = { level: "none", compartments: [], owners: [], obligations: [] };

/** One step of a way out, and what the data is after it. */
export interface Step {
  readonly step: string;
  readonly label: Label;
}

/** What a destination would send of data labelled `carried`, by default the most its channel may carry. */
export function labelSent(channel: Channel, destination: DestinationSpec, carried: Label = channel.classification): Label {
  const known = sent.get(destination);
  if (known?.channel === channel && known.carried === carried) return known.label;
  const label = labelsAlong(channel, destination, carried).at(-1)?.label ?? carried;
  sent.set(destination, { channel, carried, label });
  return label;
}

/** What was said last of each destination: every message asks the same. */
const sent = new WeakMap<DestinationSpec, { readonly channel: Channel; readonly carried: Label; readonly label: Label }>();

/**
 * The label after every step of the way (phi.md 1.7). Code leaves it as it was, since what code makes is of the class of all it could read; two steps of
 * the engine lower it: `deidentify`, and to `none` a closed list.
 */
export function labelsAlong(channel: Channel, destination: DestinationSpec, carried: Label = channel.classification): readonly Step[] {
  const { transform, deidentify, only, sends, batch } = destination;
  const steps: Step[] = [{ step: `source ${channel.source.partner}`, label: carried }];
  const add = (step: string, label = steps.at(-1)?.label ?? carried) => steps.push({ step, label });
  // What is set aside before code runs is back before a class is lowered, so it is of the message's class throughout.
  if (channel.source.attachments) add("attachments set aside and put back");
  if (channel.transform) add("transform of the channel");
  if (transform) add("transform of the destination");
  if (deidentify) add(`deidentify ${deidentify.method}`, deidentified(carried, deidentify));
  if (deidentify?.transform) add("transform after deidentify");
  if (only) add("closed list", sends === "none" ? nothing : undefined);
  // Its members are of one channel, so their join is no more than what each may be.
  if (batch) add(`batch of up to ${batch.max}`);
  add(`${destination.connector} to ${destination.partner}`);
  return steps;
}
