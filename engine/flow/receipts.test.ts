import { describe, expect, test } from "vitest";
import type { Channel, Partner } from "../config/project.ts";
import type { Disclosing } from "../phi/disclosure.ts";
import { createBoundary } from "../phi/index.ts";
import type { Content, Receipt } from "../sdk/index.ts";
import { bytes, channel, destination, message, partner } from "./flow.fixture.ts";
import type { FlowPorts } from "./ports.ts";
import type { Received } from "./received.ts";
import { AckIds, Receipts } from "./receipts.ts";

const now = Date.parse("2026-06-05T12:00:00Z");
const source = { ...channel().source, respond: { from: "ward", withinMs: 1000 } };
const answering = (change: Partial<Channel> = {}) => channel({ source, ...change });

interface Setting {
  readonly channel?: Channel;
  readonly reply?: Partner["reply"];
  readonly lab?: Partial<Partner>;
  readonly isTrusted?: boolean;
}

/** What the sender is told when the ward has taken its message and answered this. */
async function told(response: Content, setting: Setting = {}): Promise<{ readonly receipt: Receipt; readonly ledger: readonly Disclosing[] }> {
  const ledger: Disclosing[] = [];
  const partners: Record<string, Partner> = { lab: { ...partner("lab"), ...setting.lab }, ward: { ...partner("ward"), ...(setting.reply && { reply: setting.reply }) } };
  const ports = {
    clock: { now: () => now },
    calendar: { now: () => now, isTrusted: setting.isTrusted ?? true, keep() {} },
    partner: (name: string) => partners[name],
    boundary: createBoundary(),
    store: { disclose: async (disclosing: Disclosing) => void ledger.push(disclosing) },
  } as unknown as FlowPorts;
  const receipts = new Receipts(setting.channel ?? answering(), ports, new AckIds(ports));
  const receipt = await receipts.waited("accepted", 1, { text: message() } as Received, async () => ({ kind: "positive", response }));
  return { receipt, ledger };
}

const header = "MSH|^~\\&|C|D|A|B|20260101||RSP^K22|R1|P|2.8";
const hl7 = (...segments: string[]): Content => ({ format: "hl7v2", bytes: bytes([...segments, ""].join("\r")) });
const ack = hl7(header, "MSA|AA|C1");
const json = (body: object): Content => ({ format: "json", bytes: bytes(JSON.stringify(body)) });

describe("an answer that says of itself that it is more than it may be", () => {
  test.each([
    ["a label of its header", hl7(`${header}||||||||||||||42CFRPart2`, "MSA|AA|C1", "PID|1||555001")],
    ["a restriction", hl7(header, "MSA|AA|C1", "PID|1||555001", "ARV|1|A|DEM|ETH|")],
    ["a diagnosis", hl7(header, "MSA|AA|C1", "PID|1||555001", "DG1|1||F10.20^Alcohol dependence^I10")],
    ["a resource that nobody named as one", { ...json({ resourceType: "Patient", meta: { security: [{ code: "HIV" }] } }), format: "text" } as const],
    ["what cannot be read", { format: "json", bytes: bytes("{") } as const],
  ])("%s", async (_, response) => {
    const { receipt, ledger } = await told(response);
    expect(receipt).toMatchObject({ kind: "refused", code: "PHI-219" });
    expect(receipt).not.toHaveProperty("response");
    const said = "ack" in receipt ? Buffer.from(receipt.ack ?? []).toString() : "";
    expect(said).toContain("MSA|AE|C1");
    expect(said).not.toMatch(/F10|42CFR|ETH|555001/);
    expect(ledger).toEqual([]);
  });

  test("goes to a sender who is cleared for it, and the ledger says so", async () => {
    const [agreement] = partner("lab").agreements;
    const lab = { agreements: [{ ...agreement, compartments: ["hiv"] }] } as Partial<Partner>;
    const { receipt, ledger } = await told(hl7(header, "MSA|AA|C1", "PID|1||555001", "DG1|1||B20^x^I10"), { lab, reply: { level: "phi", compartments: ["hiv"] } });
    expect(receipt).toMatchObject({ kind: "accepted" });
    expect(ledger.map(({ label }) => label.compartments)).toEqual([["hiv"]]);
  });
});

describe("an answer that was said to hold nobody", () => {
  const none = answering({ destinations: [destination({ sends: "none", only: { event: { kind: "const", value: "visit" } }, format: "json" })] });
  const quiet = { channel: none, reply: { level: "none", compartments: [] } } as const;

  test.each([
    ["an acknowledgement", ack],
    ["a state", json({ id: "pi_1", status: "ok" })],
    ["a word", { format: "text", bytes: bytes("accepted") } as const],
    ["nothing", { format: "text", bytes: bytes("") } as const],
  ])("%s goes", async (_, response) => {
    expect((await told(response, quiet)).receipt).toMatchObject({ kind: "accepted", response });
  });

  test.each([
    ["a patient of its own", hl7(header, "MSA|AA|C1", "PID|1||555001^^^N^MR||RIVERA^JANE")],
    ["the patient of the message", json({ status: "found", note: "EXEMPLAR ADA" })],
    ["something with the shape of an identifier", { format: "text", bytes: bytes("call 617-555-0142, ssn 219-09-9999") } as const],
  ])("with %s is withheld", async (_, response) => {
    const { receipt, ledger } = await told(response, quiet);
    expect(receipt.kind).toBe("refused");
    expect(receipt).not.toHaveProperty("response");
    expect(ledger).toEqual([]);
  });
});

test("no answer that rests on an agreement goes while no date can be trusted", async () => {
  expect((await told(ack, { isTrusted: false })).receipt).toMatchObject({ kind: "refused", code: "PHI-217" });
});

test("the ledger names the patients of the answer, who may be others than those of the question", async () => {
  const { ledger } = await told(hl7(header, "MSA|AA|C1", "PID|1||555001^^^N^MR", "PID|2||555002^^^N^MR"));
  expect(ledger[0]?.patients.map(({ owner, ids }) => [owner, ids[0]])).toEqual([["clinic", "900123"], ["clinic", "555001"], ["clinic", "555002"]]);
});
