import { describe, expect, test } from "vitest";
import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import { bytes, channel, destination, entry, message, partner, setUp } from "./flow.fixture.ts";

const signal = AbortSignal.timeout(5000);
const harbor = { method: "safe-harbor", dates: "year", ids: "remove" } as const;
const limited = { sends: "limited", purpose: "HRESCH", deidentify: { method: "limited-data-set", dates: "keep", ids: "remove" } } as const;
const code = (line: number, text = "return msg") => ({ text, language: "js", form: "body", file: "x.yaml", line, indent: 0 }) as const;
const status = { status: { kind: "enum", values: ["F"], optional: false } } as const;

const [treatment] = partner("ward").agreements;
const ward = {
  ...partner("ward"),
  agreements: [
    treatment, { ...treatment, id: "D", basis: "deidentified", levels: ["deidentified"], purposes: ["HRESCH", "TREAT"] }, { ...treatment, id: "L", basis: "dua", levels: ["limited"], purposes: ["HRESCH"] },
  ],
} as unknown as Partner;

/** A backlog accepted as `then` said, in a channel that says `now`. */
function edited(then: Partial<DestinationSpec>, now: Partial<DestinationSpec>, classes: { readonly before?: Channel["classification"]; readonly now?: Channel["classification"] } = {}) {
  const of = (revision: string, change: Partial<DestinationSpec>, classification?: Channel["classification"]) =>
    channel({ revision, destinations: [destination(change)], ...(classification && { classification }) });
  const before = of("r0", then, classes.before);
  const revision = async (name: string) => (name === "r0" ? { channel: before, program: "results@r0" } : undefined);
  return { before, now: of("r1", now, classes.now), set: (own: Channel) => setUp({ channel: own, partners: { ward }, revision }) };
}

const phi = { level: "phi", compartments: [], owners: ["clinic"], obligations: [] } as const;

const cases: readonly [string, ReturnType<typeof edited>, string | undefined][] = [
  ["another timing alone", edited({}, { queue: "on-failure", filter: { kind: "match", conditions: {} } }), undefined],
  ["code that stands on another line", edited({ ...limited, deidentify: { ...limited.deidentify, transform: code(3) } }, { ...limited, deidentify: { ...limited.deidentify, transform: code(9) } }), undefined],
  ["a higher `sends`", edited({ sends: "limited" }, {}), undefined],
  ["a lower `sends`", edited({}, { sends: "limited" }), "sends"],
  ["another purpose", edited({}, { purpose: "HPAYMT" }), "purpose"],
  ["de-identification", edited({}, { deidentify: harbor }), "deidentify"],
  ["other settings of it", edited(limited, { ...limited, deidentify: { ...limited.deidentify, ids: "surrogate" } }), "deidentify"],
  ["other code after it", edited({ ...limited, deidentify: { ...limited.deidentify, transform: code(3) } }, { ...limited, deidentify: { ...limited.deidentify, transform: code(3, "return {}") } }), "deidentify"],
  ["a closed list", edited({}, { only: status }), "only"],
  ["a lower class", edited({}, {}, { now: { ...phi, level: "limited" } }), "label"],
  ["a compartment less", edited({}, {}, { before: { ...phi, compartments: ["part2"] } }), "label"],
];

describe.each(cases)("since a message was accepted, its channel got %s", (_what, { now, set }, reason) => {
  test.each([false, true])("filled before: %s", async (isFilled) => {
    const { lane } = set(now);
    const waiting = entry({ revision: "r0", ...(isFilled && { filled: true, sent: entry().raw }) });
    const prepared = await lane.prepare(waiting);
    if (reason === undefined) expect(prepared).not.toMatchObject({ kind: "held" });
    else expect(prepared).toEqual({ kind: "held", code: "FLW-206", reason });
  });
});

test("put back by a person it is made anew, as the channel is now", async () => {
  const { now, set } = edited({}, { sends: "deidentified", deidentify: harbor });
  const { lane, sent } = set(now);
  const waiting = entry({ revision: "r0", filled: true, sent: entry().raw });
  expect(await lane.prepare(waiting)).toEqual({ kind: "held", code: "FLW-206", reason: "sends" });
  const back = entry({ ...waiting, requeuedAt: 5 });
  expect(await lane.prepare(back)).toEqual({ kind: "ready" });
  expect(await lane.attempt(back, 1, signal)).toMatchObject({ kind: "delivered" });
  expect(Buffer.from(sent[0]?.body ?? []).toString()).not.toMatch(/EXEMPLAR|900123/);
});

test("what was ready when the channel was edited does not leave, alone or in a batch, nor while it waits for its link", async () => {
  const batch = { max: 10, maxBytes: 100_000, withinMs: 1000 };
  for (const change of [{}, { batch }]) {
    const { before, now, set } = edited(change, { ...change, sends: "limited" });
    const { flow, lane, sent } = set(before);
    const two = [entry({ revision: "r0" }), entry({ id: 8, revision: "r0", raw: { format: "hl7v2", bytes: bytes(message("C2")) } })] as const;
    for (const each of two) expect((await lane.prepare(each)).kind).toBe("ready");
    flow.adopt(now);
    expect(await (change.batch ? lane.attemptBatch?.(two, 1, signal) : lane.attempt(two[0], 1, signal))).toEqual({ kind: "held", code: "FLW-206", reason: "sends" });
    expect(sent).toEqual([]);
  }
  const { before, now } = edited({}, { sends: "limited" });
  const kept: ReturnType<typeof setUp> = setUp({ channel: before, turn: async () => kept.flow.adopt(now), revision: async () => ({ channel: before, program: "results@r0" }) });
  const one = entry({ revision: "r0" });
  expect(await kept.lane.prepare(one)).toEqual({ kind: "ready" });
  expect(await kept.lane.attempt(one, 1, signal)).toEqual({ kind: "held", code: "FLW-206", reason: "sends" });
  expect(kept.sent).toEqual([]);
});
