import type { Content } from "../sdk/index.ts";
import type { MessageDetail, MessageSummary } from "../store/store.ts";
import { clear, masked } from "./mask.ts";

/** Why somebody looks at contents (HL7 PurposeOfUse). A closed list, so that the record of it cannot hold patient data. */
export const purposes = ["TREAT", "HPAYMT", "HOPERAT", "PUBHLTH", "PATRQT", "HSYSADMIN"] as const;
export type Purpose = (typeof purposes)[number];

export function isPurpose(text: unknown): text is Purpose {
  return purposes.includes(text as Purpose);
}

/** The contents of one message as text: masked, or in the clear for a purpose. */
export interface Shown {
  readonly masked: boolean;
  readonly raw?: string;
  readonly sent: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** What people wrote when they gave an entry up; absent when masked. */
  readonly reasons?: readonly string[];
}

export function show(message: MessageDetail, purpose?: Purpose): Shown {
  const as = purpose ? clear : masked;
  const each = (contents: Readonly<Record<string, Content>>) =>
    Object.fromEntries(Object.entries(contents).map(([lane, content]) => [lane, as(content)]));
  return {
    masked: purpose === undefined,
    ...(message.raw ? { raw: as(message.raw) } : {}),
    sent: each(message.sent),
    responses: each(message.responses),
    log: purpose ? message.log : message.log.map((line) => `[${line.length} characters]`),
    ...(purpose ? { reasons: reasonsOf(message) } : {}),
  };
}

/** A message as everyone may see it: numbers, states and codes. */
export type Timeline = MessageSummary & Pick<MessageDetail, "history" | "unreadable">;

/** The timeline of a message. What a person wrote when cancelling is content, so it stays out. */
export function timelineOf({ id, channel, receivedAt, bytes, entries, history, unreadable }: MessageDetail): Timeline {
  const steps = history.map(({ reason, ...step }) => (reason === undefined || step.state === "cancelled" ? step : { ...step, reason }));
  return { id, channel, receivedAt, bytes, entries, history: steps, ...(unreadable ? { unreadable } : {}) };
}

function reasonsOf({ history }: MessageDetail): readonly string[] {
  return history.flatMap(({ state, reason }) => (state === "cancelled" && reason ? [reason] : []));
}
