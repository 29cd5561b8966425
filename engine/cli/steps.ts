import { decode } from "../codec/bytes/index.ts";
import type { Channel } from "../config/project.ts";
import type { TracedStep } from "../sandbox/sandbox.ts";
import type { Content, Envelope, Format, Range } from "../sdk/index.ts";
import type { TrialEnd, TrialResult } from "../runtime/trial.ts";
import type { TrialTrace } from "../runtime/trial-trace.ts";

/** What one step of a message's path came to, content and all: for the terminal of the author alone. */
export interface Step {
  /** Absent for the channel's own steps. */
  readonly destination?: string;
  readonly step: "received" | TracedStep["step"] | "sent" | "log";
  /** `passes`, `filtered`, `failed`, `value`; for `sent` how the message would have ended there. */
  readonly result: string;
  /** Place in the project, `file:line:column`. */
  readonly at?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly format?: Format;
  readonly text?: string;
  /** Where and how it would have been sent. */
  readonly envelope?: Omit<Envelope, "body">;
}

/** The path of one message through a channel, as a trial saw it. */
export function stepsOf(channel: Channel, { receipt, destinations }: TrialResult, trace: TrialTrace | undefined): readonly Step[] {
  if (!trace) return [{ step: "received", result: receipt.kind, ...(receipt.code ? { code: receipt.code } : {}) }];
  const of = (name: string | undefined) => trace.steps.filter((step) => step.destination === name).map(tracedStep);
  const received: Step = { step: "received", result: "value", format: channel.source.format, text: trace.text };
  const ends = channel.destinations.flatMap(({ name }) => [...of(name), endStep(name, destinations.get(name))]);
  const log: readonly Step[] = trace.log.length === 0 ? [] : [{ step: "log", result: "value", format: "text", text: trace.log.join("\n") }];
  return [received, ...of(undefined), ...ends, ...log];
}

function tracedStep({ destination, step, at, result }: TracedStep): Step {
  const place = (result.kind === "output" ? undefined : result.at) ?? at;
  const head = { ...(destination === undefined ? {} : { destination }), step, ...(place ? { at: placeText(place) } : {}) };
  if (result.kind === "filtered") return { ...head, result: "filtered" };
  if (result.kind === "failed") return { ...head, result: "failed", code: result.code };
  return { ...head, result: step === "filter" ? "passes" : "value", format: result.format, text: result.text };
}

function endStep(destination: string, end: TrialEnd | undefined): Step {
  if (!end) return { destination, step: "sent", result: "not ended" };
  const { state, code, reason, sent, envelope } = end;
  return {
    destination,
    step: "sent",
    result: state,
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    ...(envelope ? { envelope } : {}),
    ...(sent ? { format: sent.format, text: textOf(sent) } : {}),
  };
}

function textOf({ format, bytes }: Content): string {
  try {
    return decode(bytes, { format, charset: "utf-8" }).text;
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}

function placeText({ file, line, column }: Range): string {
  return `${file}:${line}:${column}`;
}
