import { expect, test } from "vitest";
import { message, setUp } from "./flow.fixture.ts";

const ackOf = async (raw: Uint8Array) => {
  const receipt = await setUp().flow.receive(raw);
  return { ...receipt, ack: Buffer.from(receipt.ack ?? []).toString("latin1") };
};

test("what cannot be decoded is answered with the sender's own control id, and none of what is not plain", async () => {
  const declared = Buffer.from(message("C1", "NTE|1||M\u00fcLLER\r"), "latin1");
  expect(await ackOf(declared)).toMatchObject({ kind: "refused", code: "BYT-002", ack: expect.stringMatching(/^MSH\|\^~\\&\|EHR\|SOUTH\|LIS\|NORTH\|[^]*\rMSA\|AE\|C1\r/) });
  const facility = Buffer.from(message("C1").replace("NORTH", "N\u00d6RD"), "latin1");
  expect((await ackOf(facility)).ack).toMatch(/^MSH\|\^~\\&\|EHR\|SOUTH\|LIS\|\|[^]*\rMSA\|AE\|C1\r/);
  expect((await ackOf(Buffer.from(message("C\u00e91"), "latin1"))).ack).toMatch(/\rMSA\|AE\|\r/);
  expect((await ackOf(Buffer.from(message().replace("2.5.1", "2.5.1||||||KLINGON")))).ack).toMatch(/\rMSA\|AE\|C1\r/);
});
