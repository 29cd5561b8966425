import type { Channel, Project } from "../../config/project.ts";
import { permits } from "../flow-rule.ts";
import { type AllowedBy, allowedBy } from "./allowed-by.ts";
import { asking } from "./asking.ts";
import { labelText } from "./label-text.ts";

/** What a source that asks its partner may say there: a poll's address and body, a folder's listing, a statement's parameters. */
export interface Question extends AllowedBy {
  readonly channel: string;
  /** Who is asked. */
  readonly to: string;
  readonly connector: string;
  /** The most that a question may hold; `none` where link or agreements let no more go there. */
  readonly label: string;
  readonly purpose?: string;
}

export function questionOf(project: Project, channel: Channel, now: number): readonly Question[] {
  const partner = project.partners.get(channel.source.partner);
  if (!channel.source.asks || !partner) return [];
  const { label, spec } = asking(channel, partner, now);
  const allowed = partner.links.outbound ? allowedBy(permits({ label, destination: spec, partner, now })) : { denied: "PHI-202 link" };
  return [{
    channel: channel.name,
    to: partner.name,
    connector: channel.source.connector,
    label: labelText(label),
    ...(spec.purpose === undefined || label.level === "none" ? {} : { purpose: spec.purpose }),
    ...allowed,
  }];
}
