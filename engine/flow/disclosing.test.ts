import { expect, test } from "vitest";
import type { Disclosing } from "../phi/disclosure.ts";
import { EngineError, type Outcome } from "../sdk/index.ts";
import { aboutWhom } from "./disclosing.ts";
import { bytes, channel, entry, message, partner, setUp } from "./flow.fixture.ts";
import { Work } from "./work.ts";

const soon = () => AbortSignal.timeout(5000);
const filled = { filled: true, sent: { format: "hl7v2", bytes: bytes(message("X")) } } as const;

/** What the ledger was told and what was sent, in order. */
function watched(change: { readonly terminated?: () => string | undefined; readonly fails?: boolean; readonly id?: () => string } = {}) {
  const told: string[] = [];
  const disclosing: Disclosing[] = [];
  const keep = (what: string) => async (...args: readonly unknown[]) => {
    if (change.fails) throw new EngineError("STO-201");
    const about = args.at(-1) as Disclosing | undefined;
    told.push(about?.permit ? what : `${what} without`);
    if (about?.permit) disclosing.push(about);
  };
  const ward = () => {
    const own = partner("ward");
    const terminated = change.terminated?.();
    return { ...own, agreements: own.agreements.map((agreement) => ({ ...agreement, id: change.id?.() ?? agreement.id, ...(terminated !== undefined && { terminated }) })) };
  };
  const send = async (): Promise<Outcome> => {
    told.push("send");
    return { kind: "delivered" };
  };
  const partners = {
    get ward() {
      return ward();
    },
  };
  const flow = setUp({ send, partners, store: { fill: keep("fill") as never, intend: keep("intend") as never } });
  return { ...flow, told, disclosing };
}

test("the intent goes with the fill, before anything is sent, and says who, what, why and about whom", async () => {
  const { lane, told, disclosing } = watched();
  await lane.prepare(entry());
  expect(await lane.attempt(entry(), 1, soon())).toEqual({ kind: "delivered" });
  expect(told).toEqual(["fill", "send"]);
  expect(disclosing[0]).toMatchObject({
    partner: "ward", endpoint: "feed", permit: { agreement: "A", basis: "treatment", purpose: "TREAT" }, label: { level: "phi" }, labelIn: { level: "phi" }, what: { type: "ORU^R01" }, revision: "r1",
    patients: [{ owner: "clinic", ids: ["900123", "900123^^^NORTH"] }], more: 0, partnerHash: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test("what comes filled from the disk without an intent gets one before it is sent; with one, none", async () => {
  const { lane, told } = watched();
  for (const one of [entry({ id: 8, ...filled }), entry({ id: 9, ...filled, disclosed: true })]) {
    await lane.prepare(one);
    expect((await lane.attempt(one, 1, soon())).kind).toBe("delivered");
  }
  expect(told).toEqual(["intend", "send", "send"]);
});

test("no ledger, no egress: where the intent cannot be written nothing is sent and no attempt is spent", async () => {
  const { lane, sent } = watched({ fails: true });
  expect(await lane.prepare(entry())).toEqual({ kind: "retry", code: "STO-201" });
  const one = entry({ id: 8, ...filled });
  await lane.prepare(one);
  expect(await lane.attempt(one, 1, soon())).toMatchObject({ kind: "suspended", code: "STO-201" });
  expect(sent).toEqual([]);
});

test("what is withheld gets an intent of its own before it leaves", async () => {
  let terminated: string | undefined;
  const { lane, told } = watched({ terminated: () => terminated });
  await lane.prepare(entry());
  terminated = "1961-01-01";
  expect(await lane.attempt(entry(), 1, soon())).toMatchObject({ kind: "suspended", code: "PHI-203" });
  expect(told).toEqual(["fill"]);
  terminated = undefined;
  expect((await lane.attempt(entry(), 1, soon())).kind).toBe("delivered");
  expect(told).toEqual(["fill", "intend", "send"]);
});

test("what is prepared while nothing lets it go has no intent, until something does", async () => {
  let terminated: string | undefined = "1961-01-01";
  const { lane, told } = watched({ terminated: () => terminated });
  await lane.prepare(entry());
  expect(told).toEqual(["fill without"]);
  terminated = undefined;
  expect((await lane.attempt(entry(), 1, soon())).kind).toBe("delivered");
  expect(told).toEqual(["fill without", "intend", "send"]);
});

test("where another agreement lets it go than the intent said, the outcome names it", async () => {
  let id = "A";
  const { lane } = watched({ id: () => id });
  await lane.prepare(entry());
  id = "B";
  expect(await lane.attempt(entry(), 1, soon())).toMatchObject({ kind: "delivered", permit: { agreement: "B" } });
});

test("patients stand where the channel says", async () => {
  const own = channel();
  const disclosing: Disclosing[] = [];
  const fill = async (...args: readonly unknown[]) => void disclosing.push(args.at(-1) as Disclosing);
  const { lane } = setUp({ channel: channel({ source: { ...own.source, patient: "PID-5.1" } }), store: { fill: fill as never } });
  await lane.prepare(entry());
  expect(disclosing[0]?.patients).toEqual([{ owner: "clinic", ids: ["EXEMPLAR"] }]);
});

test("a patient whom another channel handed over is the owners' of the data, not the engine's", () => {
  const given = channel({ source: { ...channel().source, partner: "self" }, classification: { level: "phi", compartments: [], owners: ["north", "south"], obligations: [] } });
  const about = aboutWhom(Work.from(entry(), { charset: "utf-8" }), given, { partner: () => ({ ...partner("self"), owner: "engine" }) });
  expect(about.patients.map(({ owner, ids }) => [owner, ids[0]])).toEqual([["north", "900123"], ["south", "900123"]]);
});

test("no code touches an answer that says it is more than its sender may be told", async () => {
  const response = { format: "hl7v2", bytes: bytes("MSH|^~\\&|C|D|A|B|20260101||ACK|R1|P|2.5\rMSA|AA|C1\rDG1|1||B20^x^I10\r") } as const;
  const transform = { text: "return msg;", language: "js", form: "body", file: "x", line: 1, indent: 0 } as const;
  const [spec] = channel().destinations;
  const own = channel({ source: { ...channel().source, respond: { from: "ward", withinMs: 1000 } }, destinations: [{ ...(spec as NonNullable<typeof spec>), response: { format: "hl7v2", transform } }] });
  const { lane, ran } = setUp({ channel: own, send: async () => ({ kind: "delivered", response }) });
  await lane.prepare(entry());
  expect(await lane.attempt(entry(), 1, soon())).toMatchObject({ kind: "delivered", response, code: "PHI-219" });
  expect(ran.filter(({ input }) => input.responseOf !== undefined)).toEqual([]);
});
