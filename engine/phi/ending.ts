import type { Agreement, Channel, Partner } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import { dayIn, type Need, standing } from "./agreements.ts";
import { cover, coverAt, needOf } from "./flow-rule.ts";
import { labelSent } from "./proof/labels.ts";

/** Days before the end at which whoever answers for a partner is told again (phi.md 1.13). */
export const warnedAt = [60, 30, 7, 1] as const;

const day = 86_400_000;

/** A way out that will be suspended soon, unless its agreement is renewed. */
export interface Ending {
  readonly channel: string;
  readonly destination: string;
  readonly partner: string;
  readonly agreement: string;
  /** The last day on which anything leaves, in the agreement's zone. */
  readonly lastDay: string;
  /** 0: today is that day. */
  readonly daysLeft: number;
  /** The nearest warning that is due. */
  readonly within: (typeof warnedAt)[number];
}

/** Every way out whose agreements are in force now and will not be in 60 days. */
export function endings(channels: readonly Channel[], partnerOf: (name: string) => Partner | undefined, now: number): Ending[] {
  return channels.flatMap((channel) =>
    channel.destinations.flatMap((destination): readonly Ending[] => {
      const partner = partnerOf(destination.partner);
      if (!partner) return [];
      const ending = endingOf(partner, needOf(labelSent(channel, destination), destination, partner), now);
      return ending ? [{ channel: channel.name, destination: destination.name, partner: partner.name, ...ending }] : [];
    }));
}

export function endingOf(partner: Partner, need: Need, now: number): Omit<Ending, "channel" | "destination" | "partner"> | undefined {
  if (isSelf(partner.name) || need.level === "none" || cover(partner, need).covering.length === 0) return undefined;
  let last: readonly Agreement[] = coverAt(partner, need, now);
  if (last.length === 0 || lasts(last, need, now)) return undefined;
  for (let daysLeft = 0; daysLeft <= warnedAt[0]; daysLeft++) {
    const next = coverAt(partner, need, now + (daysLeft + 1) * day);
    if (next.length === 0) {
      const ending = last.find((agreement) => standing(agreement, now + (daysLeft + 1) * day) !== "in-force") ?? last[0];
      const { id, timezone } = ending as Agreement;
      return { agreement: id, lastDay: dayIn(timezone, now + daysLeft * day), daysLeft, within: warnedAt.findLast((days) => daysLeft <= days) ?? warnedAt[0] };
    }
    last = next;
  }
  return undefined;
}

/** Status pages ask often, and most agreements are far from their end. */
function lasts(inForce: readonly Agreement[], { owners = [] }: Need, now: number): boolean {
  const horizon = new Date(now + (warnedAt[0] + 2) * day).toISOString().slice(0, 10);
  const lasting = inForce.filter((agreement) => (endOf(agreement) ?? horizon) >= horizon);
  return owners.length > 1 ? lasting.length === inForce.length : lasting.length > 0;
}

function endOf({ expires, terminated }: Agreement): string | undefined {
  return [expires, terminated].filter((each) => each !== undefined).sort()[0];
}

/** `today`, `tomorrow`, `in 12 days`. */
export function when({ daysLeft }: Pick<Ending, "daysLeft">): string {
  return daysLeft === 0 ? "today" : daysLeft === 1 ? "tomorrow" : `in ${daysLeft} days`;
}
