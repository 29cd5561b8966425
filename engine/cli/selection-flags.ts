import type { Selection } from "../runtime/operator/selection.ts";
import type { Code } from "../sdk/error.ts";
import { ends, type End, type Flight } from "../store/store.ts";
import type { Call } from "./command.ts";
import { momentOf, periodOf, timesTaken } from "./time-words.ts";

/** Flags by which commands say which messages and entries they mean. */
export const selectionFlags = {
  channel: { type: "string" },
  lane: { type: "string" },
  partner: { type: "string" },
  state: { type: "string" },
  code: { type: "string" },
  "control-id": { type: "string" },
  type: { type: "string" },
  parent: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  at: { type: "string" },
  "settled-since": { type: "string" },
  "settled-until": { type: "string" },
  "settled-at": { type: "string" },
} as const;

/** The same for a line of usage. */
export const selectionUsage =
  "[--channel C] [--lane L,…] [--partner P] [--state S,…] [--code CODE] [--control-id ID] [--type T] [--since T] [--until T] [--at T] [--settled-since T] [--settled-until T] [--settled-at T]";

const states: readonly string[] = ["waiting", "held", ...ends];

/** What the flags mean; a text says what is wrong with them. `at` is a stretch: a minute, a day. */
export function selectionOf(flags: Call["flags"], now: number): Selection | string {
  const { channel, lane, partner, state, code, type, parent } = flags as Readonly<Record<string, string | undefined>>;
  const controlId = flags["control-id"] as string | undefined;
  const wanted = state?.split(",");
  const unknown = wanted?.find((each) => !states.includes(each));
  if (unknown !== undefined) return `no state "${unknown}"; a state is one of ${states.join(", ")}`;
  if (code !== undefined && !/^[A-Z]{2,4}\d?-\d{3}$/.test(code)) return "--code takes a code such as LAN-101";
  const number = parent === undefined ? undefined : messageNumber(parent);
  if (parent !== undefined && number === undefined) return "--parent takes the ID of a message";
  const received = stretch(flags, ["since", "until", "at"], now);
  if (typeof received === "string") return received;
  const settled = stretch(flags, ["settled-since", "settled-until", "settled-at"], now);
  if (typeof settled === "string") return settled;
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(lane === undefined ? {} : { lanes: lane.split(",") }),
    ...(partner === undefined ? {} : { partner }),
    ...(wanted === undefined ? {} : { states: wanted as (End | Flight)[] }),
    ...(code === undefined ? {} : { code: code as Code }),
    ...(controlId === undefined ? {} : { controlId }),
    ...(type === undefined ? {} : { type }),
    ...(number === undefined ? {} : { parent: number }),
    ...(received === undefined ? {} : { received }),
    ...(settled === undefined ? {} : { settled }),
  };
}

/** The number of a message, with or without its `m`. */
export function messageNumber(text: string): number | undefined {
  const digits = /^m?(\d{1,15})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function stretch(flags: Call["flags"], [since, until, at]: readonly [string, string, string], now: number): Selection["received"] | string {
  const text = (name: string) => flags[name] as string | undefined;
  if (text(at) !== undefined) {
    if (text(since) !== undefined || text(until) !== undefined) return `--${at} is a stretch of its own; it goes without --${since} and --${until}`;
    return periodOf(text(at) ?? "", now) ?? `--${at}: ${timesTaken}`;
  }
  const [from, to] = [since, until].map((name) => (text(name) === undefined ? undefined : (momentOf(text(name) ?? "", now) ?? null)));
  if (from === null) return `--${since}: ${timesTaken}`;
  if (to === null) return `--${until}: ${timesTaken}`;
  if (from === undefined && to === undefined) return undefined;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
