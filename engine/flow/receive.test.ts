import { expect, test } from "vitest";
import { EngineError } from "../sdk/index.ts";
import { channel, message, setUp } from "./flow.fixture.ts";

const ackOf = async (raw: Uint8Array) => {
  const receipt = await setUp().flow.receive(raw);
  return { ...receipt, ack: Buffer.from(receipt.ack ?? []).toString("latin1") };
};

test("what cannot be decoded is answered with the sender's own control id, and none of what is not plain", async () => {
  const declared = Buffer.from(message("C1", "NTE|1||M\u00fcLLER\r"), "latin1");
  expect(await ackOf(declared)).toMatchObject({ kind: "refused", code: "BYT-002", ack: expect.stringMatching(/^MSH\|\^~\\&\|EHR\|SOUTH\|LIS\|NORTH\|[\s\S]*\rMSA\|AE\|C1\r/) });
  const facility = Buffer.from(message("C1").replace("NORTH", "N\u00d6RD"), "latin1");
  expect((await ackOf(facility)).ack).toMatch(/^MSH\|\^~\\&\|EHR\|SOUTH\|LIS\|\|[\s\S]*\rMSA\|AE\|C1\r/);
  expect((await ackOf(Buffer.from(message("C\u00e91"), "latin1"))).ack).toMatch(/\rMSA\|AE\|\r/);
  expect((await ackOf(Buffer.from(message().replace("2.5.1", "2.5.1||||||KLINGON")))).ack).toMatch(/\rMSA\|AE\|C1\r/);
});

test.each([
  ["FLW-106", "AE", message("C1", "NTE|1||a\x0bb\r")],
  ["FLW-106", "AE", message("C1", "NTE|1||a\x1c\rb\r")],
  ["FLW-107", "AR", message("C1", message("C2"))],
  ["FLW-107", "AR", message("C1", `NTE|1\n${message("C2")}`)],
  ["FLW-107", "AR", `\ufeff${message("C1", message("C2"))}`],
  ["FLW-107", "AR", `FHS|^~\\&|LIS\r${message("C1", message("C2"))}`],
])("one body is one message, and holds nothing of a frame: %s is answered %s", async (code, answer, text) => {
  const { flow, accepted } = setUp();
  const receipt = await flow.receive(Buffer.from(text));
  expect(receipt).toMatchObject({ kind: "refused", code });
  expect(Buffer.from(receipt.ack ?? []).toString()).toContain(`\rMSA|${answer}|C1\r`);
  expect(accepted).toEqual([]);
});

test("MSH inside a field is text, and an envelope around one message is no second one", async () => {
  expect((await ackOf(Buffer.from(message("C1", "NTE|1||MSH of the day\r")))).kind).toBe("accepted");
  expect((await ackOf(Buffer.from(`FHS|^~\\&|LIS\r${message()}`))).kind).toBe("accepted");
});

test("a stop or a store that cannot commit is answered AR with 207: the same message may come again", async () => {
  const accept = () => Promise.reject(new EngineError("STO-203"));
  const full = await setUp({ accept }).flow.receive(Buffer.from(message()));
  expect(full).toMatchObject({ kind: "unavailable", code: "STO-203" });
  const stopping = setUp();
  stopping.flow.stop();
  const stopped = await stopping.flow.receive(Buffer.from(message()));
  for (const { ack } of [full, stopped]) expect(Buffer.from(ack ?? []).toString()).toMatch(/\rMSA\|AR\|C1\rERR\|\|\|207\^\^HL70357\|/);
});

test("the protocol's own id recognises a resend instead of the one inside the message, and each channel has its own ids", async () => {
  const { flow, accepted } = setUp();
  await flow.receive(Buffer.from(message("C1")));
  await flow.receive(Buffer.from(message("C1")), { identity: "visit-42" });
  expect(accepted.map(({ identity }) => identity?.key)).toEqual(["results\nLIS\nNORTH\nC1", "results\nvisit-42"]);
});

test("the answer is of the revision that the message was received under, though a reload comes while it is committed", async () => {
  let commit = () => {};
  const accept = () => new Promise<never>((_, reject) => (commit = () => reject(new EngineError("STO-203"))));
  const { flow } = setUp({ accept });
  const answer = flow.receive(Buffer.from(message()));
  flow.adopt(channel({ revision: "r2", source: { ...channel().source, format: "json" } }));
  commit();
  expect(Buffer.from((await answer).ack ?? []).toString()).toContain("\rMSA|AR|C1\r");
});
