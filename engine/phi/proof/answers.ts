import type { Channel, DestinationSpec, Partner } from "../../config/project.ts";
import type { Label } from "../boundary.ts";
import { join } from "../lattice.ts";
import { labelSent } from "./labels.ts";

/** The most that a partner's answer may be: what it was sent, and what its answers may hold beside that; unless it says, as much as the channel carries (phi.md 1.12). */
export function labelAnswered(channel: Channel, destination: DestinationSpec, partner: Partner | undefined, carried: Label = channel.classification): Label {
  const { owners, purposes, obligations } = carried;
  const own = partner?.reply;
  if (!own) return join(labelSent(channel, destination, carried), carried);
  const isAboutPeople = own.level !== "none" && own.level !== "deidentified";
  const beside: Label = { ...own, owners: isAboutPeople ? owners : [], ...(isAboutPeople && purposes && { purposes }), obligations: isAboutPeople ? obligations : [] };
  return join(labelSent(channel, destination, carried), beside);
}

/**
 * The most that the sender of a channel may be answered with: the answer of the destination that `respond` names, or of whichever takes over from it. A
 * transform of the answer sees the answer alone, so it adds nothing. `undefined`: the sender gets an outcome and no content.
 */
export function labelOfReply(channel: Channel, partnerOf: (name: string) => Partner | undefined, carried: Label = channel.classification): Label | undefined {
  return answering(channel)
    .map((destination) => labelAnswered(channel, destination, partnerOf(destination.partner), carried))
    .reduce<Label | undefined>((all, each) => (all ? join(all, each) : each), undefined);
}

/** The destinations whose answer the sender may get: the one named, and its fallbacks behind it. */
export function answering({ source, destinations }: Channel): readonly DestinationSpec[] {
  const found: DestinationSpec[] = [];
  let at = source.respond?.from;
  while (at !== undefined) {
    const next = destinations.find(({ name }) => name === at);
    if (!next || found.includes(next)) break;
    found.push(next);
    at = next.fallback;
  }
  return found;
}
