import { expect, test } from "vitest";
import { parseHl7 } from "../codec/index.ts";
import { hl7OfXml } from "../codec/hl7v2/xml/read.ts";
import { xmlOfHl7 } from "../codec/hl7v2/xml/write.ts";
import { bytes, channel, destination, entry, message, setUp } from "./flow.fixture.ts";

const xml = xmlOfHl7(parseHl7(message("C1")));
const inXml = channel({ source: { ...channel().source, encoding: "xml" } });
const signal = new AbortController().signal;

test("a source that speaks XML is read as HL7 v2, kept as it came and answered in XML", async () => {
  const { flow, accepted } = setUp({ channel: inXml });
  const receipt = await flow.receive(bytes(xml));
  expect(receipt).toMatchObject({ kind: "accepted", ackFormat: "xml" });
  expect(hl7OfXml(Buffer.from(receipt.ack ?? []).toString())).toMatch(/\rMSA\|AA\|C1\r$/);
  expect(Buffer.from(accepted[0]?.raw.bytes ?? []).toString()).toBe(xml);
  const refused = await flow.receive(bytes(xml.replace("<MSH>", "<PID/><MSH>")));
  expect(refused).toMatchObject({ kind: "refused", code: "HL7-111" });
});

test("what came in XML goes out in the standard encoding, and what should go out in XML does", async () => {
  const { lane, sent } = setUp({ channel: inXml });
  const claimed = entry({ raw: { format: "hl7v2", bytes: bytes(xml) } });
  expect(await lane.prepare(claimed)).toEqual({ kind: "ready" });
  await lane.attempt(claimed, 1, signal);
  expect(Buffer.from(sent[0]?.body ?? []).toString()).toBe(hl7OfXml(xml));
  const toXml = setUp({ channel: channel({ destinations: [destination({ format: "xml" })] }) });
  expect(await toXml.lane.prepare(entry())).toEqual({ kind: "ready" });
  await toXml.lane.attempt(entry(), 1, signal);
  expect(Buffer.from(toXml.sent[0]?.body ?? []).toString()).toBe(xml);
});
