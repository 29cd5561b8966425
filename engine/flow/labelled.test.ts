import { describe, expect, test } from "vitest";
import { bytes, channel, destination, entry, message, partner, setUp } from "./flow.fixture.ts";

const hiv = { format: "hl7v2", bytes: bytes(message("C1", `ORC${"|".repeat(28)}HIV\r`)) } as const;
const code = { text: "", language: "js", form: "body", file: "x", line: 1, indent: 0 } as const;

test("a message that is more than its channel may carry is held before any code sees it, with the edit that would admit it", async () => {
  const { lane, ran, rendered } = setUp({ channel: channel({ transform: code }) });
  expect(await lane.prepare(entry({ raw: hiv }))).toEqual({
    kind: "held", code: "PHI-213", reason: "hiv; admitted by: partners.yaml, lab: ceiling: { compartments: [hiv] }",
  });
  expect([ran, rendered]).toEqual([[], []]);
});

test("one that no table knows has no such edit", async () => {
  const { lane } = setUp();
  const raw = { format: "hl7v2", bytes: bytes(message("C1", `ORC${"|".repeat(28)}R\r`)) } as const;
  expect(await lane.prepare(entry({ raw }))).toEqual({ kind: "held", code: "PHI-213", reason: "restricted in a way that no table knows; ask the sender for a code" });
});

test("a channel narrower than its partner is the one to edit", async () => {
  const lab = { ...partner("lab"), ceiling: { compartments: ["sti", "hiv"], obligations: [] } };
  const { lane } = setUp({ partners: { lab } });
  expect(await lane.prepare(entry({ raw: hiv }))).toMatchObject({ reason: "hiv; admitted by: channel results: classification: { level: phi, compartments: [hiv] }" });
});

test("within the ceiling it goes on, and the flow rule has the last word", async () => {
  const cleared = channel({ classification: { level: "phi", compartments: ["hiv"], owners: ["clinic"], obligations: [] } });
  const { lane } = setUp({ channel: cleared });
  expect(await lane.prepare(entry({ raw: hiv }))).toEqual({ kind: "end", end: "refused", code: "PHI-202", reason: "compartments" });
  const ward = partner("ward");
  const open = { ...ward, agreements: ward.agreements.map((each) => ({ ...each, compartments: ["hiv"] })) };
  expect(await setUp({ channel: cleared, partners: { ward: open } }).lane.prepare(entry({ raw: hiv }))).toEqual({ kind: "ready" });
});

test("a destination that learns nothing of the patient waits too: what the message is nobody has decided", async () => {
  const own = channel({ destinations: [destination({ sends: "none", only: { ok: { kind: "const", value: true } }, format: "json" })] });
  expect(await setUp({ channel: own }).lane.prepare(entry({ raw: hiv }))).toMatchObject({ kind: "held", code: "PHI-213" });
});

test("what was put back is judged anew, as the channel is now", async () => {
  const now = channel({ revision: "r2", classification: { level: "phi", compartments: ["hiv"], owners: ["clinic"], obligations: [] } });
  const ward = partner("ward");
  const open = { ...ward, agreements: ward.agreements.map((each) => ({ ...each, compartments: ["hiv"] })) };
  const { lane } = setUp({ channel: now, partners: { ward: open }, revision: async () => ({ channel: channel(), program: "results@r1" }) });
  expect(await lane.prepare(entry({ raw: hiv, requeuedAt: 5 }))).toEqual({ kind: "ready" });
});

describe("a message that cannot be read", () => {
  const raw = { format: "json", bytes: bytes("{") } as const;
  test("is held where patients' data may go", async () => {
    expect(await setUp().lane.prepare(entry({ raw }))).toEqual({ kind: "held", code: "JSN-001" });
  });

  test("is refused where less goes", async () => {
    const own = channel({ destinations: [destination({ sends: "none", only: { ok: { kind: "const", value: true } }, format: "json" })] });
    expect(await setUp({ channel: own }).lane.prepare(entry({ raw }))).toEqual({ kind: "end", end: "refused", code: "PHI-207", reason: "unreadable JSN-001" });
  });
});

describe("what is owed", () => {
  const program = channel({ classification: { level: "phi", compartments: [], owners: ["clinic"], obligations: ["part2-notice"] } });
  const notice = "NTE|1||42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

  test("the notice of 42 CFR 2.32 goes with it, unchanged at every repeat", async () => {
    const { lane, sent } = setUp({ channel: program });
    const one = entry();
    expect(await lane.prepare(one)).toEqual({ kind: "ready" });
    for (const attempt of [1, 2]) await lane.attempt(one, attempt, AbortSignal.timeout(5000));
    expect(sent.map(({ body }) => Buffer.from(body).toString().split("\r").filter((line) => line.startsWith("NTE")))).toEqual([[notice], [notice]]);
  });

  test("what was filled before anybody knew is filled anew", async () => {
    const { lane, sent } = setUp({ channel: program });
    const before = entry({ id: 8, filled: true, sent: { format: "hl7v2", bytes: bytes(message("X")) } });
    await lane.prepare(before);
    await lane.attempt(before, 1, AbortSignal.timeout(5000));
    expect(Buffer.from(sent[0]?.body ?? []).toString()).toContain(notice);
  });

  test("what was prepared before it was owed does not leave as it is", async () => {
    const { flow, lane, sent } = setUp();
    const one = entry();
    expect(await lane.prepare(one)).toEqual({ kind: "ready" });
    flow.adopt(program);
    expect(await lane.attempt(one, 1, AbortSignal.timeout(5000))).toEqual({ kind: "refused", code: "PHI-215", reason: "obligation since it was prepared" });
    expect(sent).toEqual([]);
  });

  test("a destination that cannot say it is refused", async () => {
    const own = { ...program, destinations: [destination({ format: "text", transform: code })] };
    const run = async () => ({ results: [{ kind: "output", format: "text", text: "x" } as const], log: [] });
    expect(await setUp({ channel: own, run }).lane.prepare(entry())).toEqual({ kind: "end", end: "refused", code: "PHI-215", reason: "notice" });
  });
});

test("an entry of an earlier revision has the owner and the duties that its partner has now", async () => {
  const kept = JSON.parse(JSON.stringify({ ...channel(), classification: { level: "phi", compartments: [] } })) as ReturnType<typeof channel>;
  const now = channel({ revision: "r2", classification: { level: "phi", compartments: [], owners: ["clinic"], obligations: ["part2-notice"] } });
  const { lane, sent } = setUp({ channel: now, revision: async () => ({ channel: kept, program: "results@r1" }) });
  const one = entry();
  expect(await lane.prepare(one)).toEqual({ kind: "ready" });
  await lane.attempt(one, 1, AbortSignal.timeout(5000));
  expect(Buffer.from(sent[0]?.body ?? []).toString()).toContain("42 CFR part 2");
});
