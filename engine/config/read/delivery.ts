import type { DeliveryWindow } from "../delivery-window.ts";
import type { DestinationSpec, RetryPolicy } from "../project.ts";
import type { UnknownSpec } from "../unknown-spec.ts";
import { ackCodes, weekdays } from "../schema/destination.ts";
import { bytes, choice, list, map, milliseconds, number, optional, text } from "./tolerant.ts";

type Delivery = Pick<DestinationSpec, "retry" | "unknown" | "queue" | "accept" | "answers" | "fallback" | "window" | "batch">;

/** How a destination is sent to: when, how many at once, how often, and what its answers mean. */
export function readDelivery(value: Readonly<Record<string, unknown>>): Delivery {
  const given = <T>(key: string, read: (written: unknown) => T) => (value[key] === undefined ? undefined : read(value[key]));
  return {
    retry: toRetry(map(value.retry)),
    ...optional("unknown", given("unknown", (unknown) => toUnknown(map(unknown)))),
    ...optional("queue", given("queue", (queue) => choice(queue, ["always", "on-failure", "none"], "always"))),
    ...optional("accept", given("accept", (codes) => list(codes).filter((code) => ackCodes.some((known) => known === code)).map(String))),
    ...optional("answers", given("answers", toAnswers)),
    ...optional("fallback", given("fallback", text)),
    ...optional("window", given("window", (window) => toWindow(map(window)))),
    ...optional("batch", given("batch", (batch) => toBatch(map(batch)))),
  };
}

function toRetry(value: Readonly<Record<string, unknown>>): RetryPolicy {
  return {
    attempts: number(value.attempts, 0),
    initialMs: milliseconds(value.initial ?? "1s"),
    maxMs: milliseconds(value.max ?? "1m"),
    maxAgeMs: milliseconds(value.maxAge ?? "0s"),
  };
}

function toUnknown(value: Readonly<Record<string, unknown>>): UnknownSpec {
  return {
    do: choice(value.do, ["inquire", "hold"], "hold"),
    owner: text(value.owner),
    list: text(value.list, "unknown-deliveries"),
    attempts: number(value.attempts, 5),
    initialMs: milliseconds(value.initial ?? "5s"),
    maxMs: milliseconds(value.max ?? "5m"),
    absent: choice(value.absent, ["ask", "resend"], "ask"),
    ...optional("endpoint", value.endpoint === undefined ? undefined : text(value.endpoint)),
  };
}

function toAnswers(written: unknown): NonNullable<Delivery["answers"]> {
  const known = Object.entries(map(written)).filter(([code]) => ackCodes.some((c) => c === code));
  return Object.fromEntries(known.map(([code, outcome]) => [code, choice(outcome, ["retry", "reject", "dead"], "retry")]));
}

function toWindow(value: Readonly<Record<string, unknown>>): DeliveryWindow {
  const days = weekdays.filter((day) => list(value.days).includes(day));
  return { days, from: text(value.from, "00:00"), to: text(value.to, "00:00"), timezone: text(value.timezone, "UTC") };
}

function toBatch(value: Readonly<Record<string, unknown>>): NonNullable<Delivery["batch"]> {
  return { max: number(value.max, 100), maxBytes: bytes(value.maxBytes ?? "1mb"), withinMs: milliseconds(value.within ?? "5s") };
}
