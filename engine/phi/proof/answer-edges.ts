import type { Channel, Partner, Project } from "../../config/project.ts";
import { isSelf } from "../../config/self.ts";
import { permits } from "../flow-rule.ts";
import { type AllowedBy, allowedBy } from "./allowed-by.ts";
import { answering, labelOfReply } from "./answers.ts";
import { labelText } from "./label-text.ts";

/** What a sender is answered with, where `respond` gives it a partner's answer. All others get codes alone. */
export interface Answer extends AllowedBy {
  readonly channel: string;
  readonly purpose?: string;
  /** The sender. */
  readonly to: string;
  /** Destinations whose answer it may be: the one named, then its fallbacks. */
  readonly from: readonly string[];
  readonly label: string;
}

export function answersOf(project: Project, channel: Channel, now: number): readonly Answer[] {
  const from = answering(channel);
  const [first] = from;
  const sender = project.partners.get(channel.source.partner);
  const label = labelOfReply(channel, (name) => project.partners.get(name));
  if (!first || !sender || !label || isSelf(sender.name)) return [];
  const verdict = permits({ label, destination: { ...first, partner: sender.name, sends: label.level }, partner: backTo(sender), now, isReply: true });
  return [{
    channel: channel.name,
    to: sender.name,
    from: from.map(({ name }) => name),
    label: labelText(label),
    ...(first.purpose === undefined ? {} : { purpose: first.purpose }),
    ...allowedBy(verdict),
  }];
}

/** The answer goes back over the link that the message came by. */
export function backTo(sender: Partner): Partner {
  const { inbound } = sender.links;
  return { ...sender, links: inbound ? { outbound: inbound } : {} };
}
