import type { Content, Format } from "../sdk/index.ts";
import type { MessageDetail, MessageSummary } from "../store/store.ts";
import type { Channel } from "../config/project.ts";
import { knownNames } from "../runtime/operator/known-names.ts";
import { clear, masked } from "./mask.ts";
import type { Purpose } from "./purposes.ts";

/** The contents of one message as text: masked, or in the clear for a purpose. */
export interface Shown {
  readonly masked: boolean;
  readonly raw?: string;
  readonly sent: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** By part (`raw`, `sent lab/ehr`): what each is. */
  readonly formats?: Readonly<Record<string, Format>>;
  /** By part, base64: the bytes as they are, for an export in the clear. */
  readonly exact?: Readonly<Record<string, string>>;
  /** What people wrote when they cancelled or replayed an entry; absent when masked. */
  readonly reasons?: readonly string[];
}

/** What there is to see of a message, by name. */
export function partsOf({ raw, sent, responses, log }: MessageDetail): readonly string[] {
  const named = (what: string, by: object) => Object.keys(by).map((lane) => `${what} ${lane}`);
  return [...(raw ? ["raw"] : []), ...named("sent", sent), ...named("response", responses), ...(log.length > 0 ? ["log"] : [])];
}

/** `channel`: the message's, which says what names in it may be shown masked. */
export function show(message: MessageDetail, channel: Channel | undefined, purpose?: Purpose, how: "show" | "export" = "show"): Shown {
  const as = purpose ? clear : (content: Content) => masked(content, knownNames(channel, content.format));
  const each = (contents: Readonly<Record<string, Content>>) =>
    Object.fromEntries(Object.entries(contents).map(([lane, content]) => [lane, as(content)]));
  return {
    masked: purpose === undefined,
    ...(message.raw ? { raw: as(message.raw) } : {}),
    sent: each(message.sent),
    responses: each(message.responses),
    log: purpose ? message.log : message.log.map((line) => `[${line.length} characters]`),
    formats: byPart(message, ({ format }) => format),
    ...(purpose && how === "export" ? { exact: byPart(message, ({ bytes }) => Buffer.from(bytes).toString("base64")) } : {}),
    ...(purpose ? { reasons: reasonsOf(message) } : {}),
  };
}

/** A message as everyone may see it: numbers, states and codes. */
export type Timeline = MessageSummary & Pick<MessageDetail, "history" | "principal" | "unreadable">;

/** The timeline of a message. What a person wrote is content, so it stays out. */
export function timelineOf({ id, channel, receivedAt, bytes, entries, history, unreadable, type, parent, principal }: MessageDetail): Timeline {
  const steps = history.map(({ reason, ...step }) => ({ ...step, ...(reason !== undefined && isOfTheEngine(step) ? { reason } : {}) }));
  return { id, channel, receivedAt, bytes, entries, history: steps, ...(unreadable ? { unreadable } : {}), ...(type ? { type } : {}), ...(parent ? { parent } : {}), ...(principal ? { principal } : {}) };
}

function byPart<T>({ raw, sent, responses }: MessageDetail, of: (content: Content) => T): Readonly<Record<string, T>> {
  const named = (what: string, contents: Readonly<Record<string, Content>>) => Object.entries(contents).map(([lane, content]) => [`${what} ${lane}`, of(content)] as const);
  return Object.fromEntries([...(raw ? [["raw", of(raw)] as const] : []), ...named("sent", sent), ...named("response", responses)]);
}

function reasonsOf({ history }: MessageDetail): readonly string[] {
  return history.flatMap(({ reason, ...step }) => (reason && !isOfTheEngine(step) ? [reason] : []));
}

/** Whatever the engine gives a reason for has a code; what people do has none. */
function isOfTheEngine({ code, state }: Omit<MessageDetail["history"][number], "reason">): boolean {
  return code !== undefined && state !== "cancelled";
}
