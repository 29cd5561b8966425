import { expect, test } from "vitest";
import type { DestinationSpec, SourceSpec } from "../config/project.ts";
import { channel, destination } from "./flow.fixture.ts";
import { fresh, type Standing } from "./standing.ts";
import { verdictOf } from "./verdict.ts";
import { waitOf } from "./wait.ts";

type Change = Partial<Standing>;
const spec = (name: string, change: Partial<DestinationSpec> = {}) => destination({ name, ...change });
const source = (change: Partial<SourceSpec>) => ({ ...channel().source, ...change }) as SourceSpec;
const processed = source({ ack: "processed" });
const delivered = source({ ack: "delivered", withinMs: 1000 });
const from = source({ respond: { from: "a", withinMs: 1000 } });
const dead = { prepared: { kind: "end", end: "dead", code: "SBX-201" } } as const;

/** The verdict in one word or two; `waits`: more is to come. */
function verdict(src: SourceSpec, destinations: readonly DestinationSpec[], standings: Readonly<Record<string, Change>>): string {
  const wait = waitOf(channel({ source: src, destinations }));
  if (!wait) return "with the commit";
  const found = verdictOf(wait, new Map(Object.entries(standings).map(([name, change]) => [`results/${name}`, { ...fresh(), ...change }])));
  if (!found) return "waits";
  return found.kind === "negative" ? `${found.code} ${found.error}${found.again ? " again" : ""}` : found.kind;
}

const one = [spec("a")];
const two = [spec("a"), spec("b")];
const onFailure = [spec("a", { queue: "on-failure" })];
const withFallback = [spec("a", { fallback: "b" }), spec("b")];

test.each([
  ["stored", source({}), two, {}, "with the commit"],
  ["processed, nothing yet", processed, one, { a: {} }, "waits"],
  ["processed, filled", processed, one, { a: { prepared: "ready" } }, "positive"],
  ["processed, one of two filled", processed, two, { a: { prepared: "ready" }, b: {} }, "waits"],
  ["processed, transform failed behind a blocked head", processed, one, { a: dead }, "AE SBX-201"],
  ["processed, filtered", processed, one, { a: { prepared: { kind: "end", end: "filtered", code: "FLW-201" } } }, "positive"],
  ["processed, refused by the boundary", processed, one, { a: { state: "refused", code: "PHI-201" } }, "AR PHI-201"],
  ["processed, AE before AR", processed, two, { a: { state: "refused", code: "PHI-201" }, b: dead }, "AE SBX-201"],
  ["processed, what came after the answer changes nothing", processed, one, { a: { prepared: "ready", state: "rejected", code: "FLW-312" } }, "positive"],
  ["processed, held", processed, one, { a: { state: "held" } }, "waits"],
  ["delivered, filled", delivered, one, { a: { prepared: "ready", tried: true } }, "waits"],
  ["delivered", delivered, two, { a: { state: "delivered" }, b: { state: "filtered" } }, "positive"],
  ["delivered to one of two", delivered, two, { a: { state: "delivered" }, b: {} }, "waits"],
  ["delivered to one, and not yet certain of the other", delivered, two, { a: { state: "rejected", code: "FLW-312" }, b: {} }, "waits"],
  ["delivered to one of two, rejected by the other", delivered, two, { a: { state: "delivered" }, b: { state: "rejected", code: "FLW-311" } }, "AE FLW-311"],
  ["delivered: dead", delivered, one, { a: { state: "dead", code: "LAN-101" } }, "AE LAN-101"],
  ["delivered: cancelled at the deadline", delivered, one, { a: { state: "cancelled", code: "FLW-303" } }, "AR FLW-303 again"],
  ["delivered: cancelled by a person", delivered, one, { a: { state: "cancelled" } }, "AE FLW-304"],
  ["on-failure, not tried", source({}), onFailure, { a: { prepared: "ready" } }, "waits"],
  ["on-failure, the first attempt failed", source({}), onFailure, { a: { prepared: "ready", tried: true, attempts: 1 } }, "positive"],
  ["on-failure, the first attempt ended it", source({}), onFailure, { a: { state: "rejected", code: "FLW-312", attempts: 1 } }, "AE FLW-312"],
  ["on-failure, dead after more", source({}), onFailure, { a: { state: "dead", code: "LAN-101", attempts: 3 } }, "positive"],
  ["on-failure and delivered: whichever asks for more", delivered, onFailure, { a: { tried: true, attempts: 1 } }, "waits"],
  ["on-failure and processed", processed, onFailure, { a: { tried: true } }, "waits"],
  ["gone on to a fallback", delivered, withFallback, { a: { state: "dead", code: "LAN-101" }, b: {} }, "waits"],
  ["delivered to the fallback", delivered, withFallback, { a: { state: "rejected" }, b: { state: "delivered" } }, "positive"],
  ["dead at the fallback", delivered, withFallback, { a: { state: "rejected" }, b: { state: "dead", code: "LAN-102" } }, "AE LAN-102"],
  ["a transform failed, and the fallback has not taken it over yet", processed, withFallback, { a: dead }, "waits"],
  ["delivered, nothing went to the fallback", delivered, withFallback, { a: { state: "delivered" } }, "positive"],
  ["from one destination: the other is not waited for", from, two, { a: { state: "delivered" }, b: {} }, "positive"],
  ["from one destination: nor does it change the answer", from, two, { a: { state: "delivered" }, b: { state: "dead", code: "LAN-101" } }, "positive"],
  ["from one destination: it is waited for", from, two, { a: {}, b: { state: "delivered" } }, "waits"],
] as const)("%s", (_, src, destinations, standings, expected) => {
  expect(verdict(src, destinations, standings)).toBe(expected);
});
