import { expect, test } from "vitest";
import { duration, EngineError, object, SecretRef, size, Type } from "../sdk/index.ts";
import { bytes, channel, destination, entry, message, partner, setUp } from "./flow.fixture.ts";
import { asWritten, changedWay, wayOf } from "./same-way.ts";

const code = { text: "", language: "js", form: "body", file: "x", line: 1, indent: 0 } as const;
const transforming = (revision: string) => channel({ revision, transform: code });
const anyRevision = async (revision: string) => ({ channel: transforming(revision), program: `results@${revision}` });

/** As much of the message's patient as the clinical comparison asks for. */
const bundle = '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","identifier":[{"value":"900123"}]}}]}';

test("an entry runs under the revision that accepted it; one that was put back, as the channel is now and made anew", async () => {
  const { lane, ran } = setUp({ channel: transforming("r2"), revision: anyRevision });
  const sent = { format: "hl7v2", bytes: bytes(message("OLD")) } as const;
  expect(await lane.prepare(entry())).toEqual({ kind: "ready" });
  expect(await lane.prepare(entry({ lane: "results/other", requeuedAt: 5 }))).toEqual({ kind: "ready" });
  expect(await lane.prepare(entry({ id: 8, requeuedAt: 5, filled: true, sent }))).toEqual({ kind: "ready" });
  expect(await lane.prepare(entry({ id: 9, filled: true, sent }))).toEqual({ kind: "ready" });
  expect(ran.map(({ program }) => program)).toEqual(["results@r1", "results@r2", "results@r2"]);
});

test("what a lane forgets is gone: nothing is sent of it until it is prepared again", async () => {
  const { lane, sent } = setUp();
  const [one, sibling] = [entry(), entry({ lane: "results/other" })];
  await lane.prepare(one);
  await lane.prepare(sibling);
  lane.forget(one);
  expect((await lane.attempt(one, 1, AbortSignal.timeout(5000))).kind).not.toBe("delivered");
  expect(sent).toEqual([]);
  await lane.prepare(one);
  expect((await lane.attempt(one, 1, AbortSignal.timeout(5000))).kind).toBe("delivered");
});

test("what was filled before a crash may have left: the connector is told as of a repeat", async () => {
  const { lane, attempts } = setUp();
  const before = entry({ id: 8, filled: true, sent: { format: "hl7v2", bytes: bytes(message("X")) } });
  for (const one of [entry(), before]) {
    await lane.prepare(one);
    await lane.attempt(one, 1, AbortSignal.timeout(5000));
  }
  expect(attempts).toEqual([1, 2]);
});

test("a partner gets an opaque id of its own for a message, and code is seeded by another", async () => {
  const { lane, ran, rendered } = setUp({ channel: transforming("r1") });
  await lane.prepare(entry());
  await lane.prepare(entry({ lane: "results/other" }));
  expect(rendered.map(({ id }) => id)).toEqual(["results/ward:7", "results/other:7"]);
  expect(ran.map(({ input }) => input.messageId)).toEqual(["message:7"]);
});

test("what is put back goes out under the name it had; a replay under another, by which its partner takes it again", async () => {
  const { lane, rendered } = setUp();
  for (const one of [entry(), entry({ position: 9, requeuedAt: 1 }), entry({ position: 12, again: 12, requeuedAt: 2 }), entry({ position: 15, again: 12, requeuedAt: 3 })]) await lane.prepare(one);
  expect(rendered.map(({ id, sequence }) => [id, sequence])).toEqual([["results/ward:7", 7], ["results/ward:7", 7], ["results/ward@12:7", 12], ["results/ward@12:7", 12]]);
});

test("a closed list that still sends phi lowers no class: its compartments stay, as in the proof", async () => {
  const only = { status: { kind: "enum", values: ["F"], optional: false } } as const;
  const own = channel({
    classification: { level: "phi", compartments: ["part2"], owners: ["clinic"], obligations: [] },
    destinations: [destination({ only, format: "json", transform: code })],
  });
  const run = async () => ({ results: [{ kind: "output", format: "json", text: '{"status":"F"}' } as const], log: [] });
  const { lane } = setUp({ channel: own, run });
  expect(await lane.prepare(entry())).toEqual({ kind: "end", end: "refused", code: "PHI-202", reason: "compartments" });
});

test.each([
  ["hl7v2", { format: "json", text: "{}" }, "FLW-205"],
  ["fhir", { format: "json", text: "{}" }, "FLW-205"],
  ["fhir", { format: "hl7v2", text: message() }, "FLW-205"],
  ["json", { format: "fhir", text: bundle }, "ready"],
] as const)("a destination that sends %s, given %o: %s", async (format, output, expected) => {
  const own = channel({ destinations: [destination({ format, transform: code })] });
  const { lane, rendered } = setUp({ channel: own, run: async () => ({ results: [{ kind: "output", ...output }], log: [] }) });
  const prepared = await lane.prepare(entry());
  if (expected === "ready") return expect(prepared).toEqual({ kind: "ready" });
  expect(prepared).toEqual({ kind: "end", end: "dead", code: expected, reason: `${output.format} for ${format}` });
  expect(rendered).toEqual([]);
});

test.each([
  [["*"], "json", "{}", true],
  [["ORU^R01"], "hl7v2", message(), true],
  [["ORU^*"], "hl7v2", message(), true],
  [["ADT^A01"], "hl7v2", message(), false],
  [["Bundle"], "fhir", bundle, true],
  [["Patient"], "fhir", bundle, false],
  [["Bundle"], "json", "{}", false],
  [[], "hl7v2", message(), false],
] as const)("a link that allows %j, and %s %s", async (allow, format, text, passes) => {
  const own = channel({ destinations: [destination({ format, transform: code })] });
  const run = async () => ({ results: [{ kind: "output", format, text } as const], log: [] });
  const { lane } = setUp({ channel: own, run, partners: { ward: partner("ward", allow) } });
  expect(await lane.prepare(entry())).toEqual(passes ? { kind: "ready" } : { kind: "end", end: "refused", code: "FLW-207", reason: "allow ward" });
});

test.each([
  ["the same, in another order", { options: { auth: { bearer: new SecretRef("env", "TOKEN") }, endpoint: "feed" } }, undefined],
  ["another partner", { partner: "other" }, "partner"],
  ["another connector", { connector: "http" }, "connector"],
  ["another option", { options: { endpoint: "feed", auth: { bearer: new SecretRef("env", "TOKEN") }, path: "/x" } }, "options"],
  ["another secret", { options: { endpoint: "feed", auth: { bearer: new SecretRef("env", "OTHER") } } }, "options"],
  ["a secret from elsewhere", { options: { endpoint: "feed", auth: { bearer: new SecretRef("file", "TOKEN") } } }, "options"],
] as const)("the destination of an earlier revision, now with %s", async (_, now, reason) => {
  const then = destination({ options: { endpoint: "feed", auth: { bearer: new SecretRef("env", "TOKEN") } } });
  const kept = JSON.parse(JSON.stringify(channel({ destinations: [then] }), asWritten)) as ReturnType<typeof channel>;
  const today = { ...then, ...now };
  const revision = async () => ({ channel: kept, program: "results@r1" });
  const { lane } = setUp({ channel: channel({ revision: "r2", destinations: [today] }), today, revision });
  expect(await lane.prepare(entry())).toEqual(reason ? { kind: "held", code: "FLW-206", reason } : { kind: "ready" });
  expect((await lane.prepare(entry({ id: 8, requeuedAt: 1 }))).kind).toBe(reason === "partner" ? "end" : "ready");
});

test.each([
  ["a longer timeout", { timeout: "2m" }, undefined],
  ["a larger answer", { maxAck: "2mb" }, undefined],
  ["an option that came with an upgrade, at its default", { mode: "plain" }, undefined],
  ["an option that came with an upgrade, not at its default", { mode: "other" }, "options"],
  ["another endpoint", { endpoint: "other" }, "options"],
] as const)("of its connector's options, %s", async (_, change, reason) => {
  const way = wayOf(object({
    endpoint: Type.String(), mode: Type.String({ default: "plain" }), timeout: duration("", "30s"), maxAck: size("", "1mb"),
  }));
  const then = destination({ options: { endpoint: "feed", timeout: "30s", maxAck: "1mb", gone: ["AA"] } });
  expect(changedWay(then, destination({ options: { endpoint: "feed", mode: "plain", timeout: "30s", maxAck: "1mb", ...change } }), way)).toBe(reason);
});

test.each(["SBX-302", "SBX-303", "SBX-304"] as const)("a sandbox that rejects with %s keeps the entry waiting, and is asked again at the next try", async (fault) => {
  let working = false;
  const run = async () => {
    if (!working) throw new EngineError(fault);
    return { results: [{ kind: "output", format: "hl7v2", text: message() } as const], log: [] };
  };
  const { lane } = setUp({ channel: transforming("r1"), run });
  expect(await lane.prepare(entry())).toEqual({ kind: "retry", code: fault });
  working = true;
  expect(await lane.prepare(entry())).toEqual({ kind: "ready" });
});

test("a revision that the sandbox could not load keeps its entry waiting", async () => {
  const { lane } = setUp({ channel: transforming("r2"), revision: () => Promise.reject(new EngineError("SBX-302")) });
  expect(await lane.prepare(entry())).toEqual({ kind: "retry", code: "SBX-302" });
});
