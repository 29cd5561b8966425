import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { buildScript, buildScriptAck, parseScript, readScriptAck, Written } from "../../engine/codec/script/index.ts";
import { engineOnDisk, eventually, freePort } from "./engine-on-disk.ts";
import { sluiceYaml } from "./small-project.ts";

let open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.close();
  open = [];
});

const newRx = (id: string, isSigned = false) => buildScript({
  version: "20170715",
  header: {
    To: new Written({ Qualifier: "P" }, "0999999"), From: new Written({ Qualifier: "D" }, "7777777777001"), MessageID: id, SentTime: "2026-01-05T08:15:00Z",
    ...(isSigned && { DigitalSignature: new Written({ Version: "1.1" }, { DigitalSignatureIndicator: "true" }) }),
  },
  body: { NewRx: {
    Patient: { HumanPatient: { Identification: { PatientID: "90017734" }, Name: { LastName: "Exemplar", FirstName: "Ada" }, Gender: "F", DateOfBirth: { Date: "1961-04-12" } } },
    Prescriber: { NonVeterinarian: { Identification: { NPI: "1999999984" }, Name: { LastName: "Sample", FirstName: "Uma" } } },
    MedicationPrescribed: { DrugDescription: "Example 5 MG Tablet", DrugCoded: { ProductCode: { Code: "00999000102", Qualifier: "ND" } }, Quantity: { Value: "30" } },
  } },
});

const link = (direction: string) => `\n    links:\n      ${direction}: { auth: none, allow: ["*"], limit: 1000/s, audit: metadata, phi: allowed }`;

/** A practice that prescribes, and a pharmacy that answers as it is told. */
async function setUp(more: { readonly source?: string; readonly transform?: string } = {}) {
  const [source, pharmacy] = [await freePort(), await freePort()];
  const arrived: string[] = [];
  const said = { answer: (text: string) => buildScriptAck({ text }, { kind: "Status", code: "010", now: 0, messageId: "P1" }) };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk)).on("end", () => {
      arrived.push(body);
      response.writeHead(200, { "content-type": "application/xml" }).end(said.answer(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(pharmacy, "127.0.0.1", resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const disk = await engineOnDisk({
    "sluice.yaml": `${sluiceYaml}drugSchedules: drugs\n`,
    // What is signed and what is not may be any drug's; what a controlled one needs beside stands in `controlled.test.ts`.
    "lookups/drugs.yaml": '"00999000102": none\n',
    "partners.yaml": `partners:\n  practice:\n    kind: provider${link("inbound")}
  pharmacy:\n    kind: provider\n    endpoints:\n      - { id: api, url: "http://127.0.0.1:${pharmacy}/rx" }
    agreements:\n      - { id: RX-1, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }${link("outbound")}\n`,
    "rx.yaml": `channel: rx\nclassification: phi\nsource:\n  partner: practice\n  http: { port: ${source}, path: /rx }\n  format: script\n  types: [NewRx, CancelRx]\n  ${more.source ?? "ack: stored"}
destinations:\n  pharmacy:\n    partner: pharmacy\n    purpose: TREAT\n${more.transform ? `    transform: |\n      ${more.transform}\n` : ""}    http: { method: POST }\n    retry: { attempts: 2, initial: 10ms, max: 20ms }\n`,
  });
  open.push(disk);
  const send = async (body: string) => {
    const response = await fetch(`http://127.0.0.1:${source}/rx`, { method: "POST", headers: { "content-type": "application/xml" }, body });
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };
  const lane = () => disk.engine.operations.status().lanes[0];
  const ended = async () => {
    await eventually(() => lane()?.depth === 0 && (lane()?.received ?? 0) > 0);
    const [message] = disk.engine.operations.messages({ limit: 1 });
    const entry = disk.engine.operations.message(message?.id ?? 0)?.entries[0];
    return `${entry?.state} ${entry?.code ?? ""}`.trim();
  };
  return { arrived, said, disk, send, lane, ended };
}

test("a prescription is answered with Status and arrives byte for byte; the same one again is not sent twice", async () => {
  const { arrived, send, ended, lane } = await setUp();
  const text = newRx("RX-1", true);
  const { status, type, text: answer } = await send(text);
  expect([status, type, readScriptAck(answer)]).toEqual([200, "application/xml", { kind: "Status", code: "000", relatesTo: "RX-1" }]);
  expect([parseScript(answer).get("message.to"), parseScript(answer).get("message.from")]).toEqual(["7777777777001", "0999999"]);
  expect(await ended()).toBe("delivered");
  expect(readScriptAck((await send(text)).text)).toEqual({ kind: "Status", code: "000", relatesTo: "RX-1" });
  expect([arrived, lane()?.received]).toEqual([[text], 1]);
});

test("what is not taken is answered with Error: a code and no word of the message", async () => {
  const { send } = await setUp();
  for (const [body, code] of [[newRx("RX-2").replaceAll("NewRx", "RxFill"), "FLW-101"], ["<Message", "XML-001"], ["<!DOCTYPE Message><Message/>", "XML-002"], ["<Other/>", "SCR-001"]] as const) {
    const { status, text } = await send(body);
    expect([status, readScriptAck(text)?.kind, readScriptAck(text)?.code, parseScript(text).get("Error/Description")]).toEqual([200, "Error", "900", code]);
    expect(text).not.toContain("Exemplar");
  }
});

test("with ack: delivered the Status says that the last receiver has it, and its Error is an error here", async () => {
  const { said, send, ended } = await setUp({ source: "ack: delivered\n  within: 10s" });
  expect(readScriptAck((await send(newRx("RX-3"))).text)).toMatchObject({ kind: "Status", code: "010" });
  said.answer = (text) => buildScriptAck({ text }, { kind: "Error", code: "900", now: 0, messageId: "P2" });
  expect(readScriptAck((await send(newRx("RX-4"))).text)).toMatchObject({ kind: "Error", relatesTo: "RX-4" });
  expect(await ended()).toBe("rejected FLW-312");
});

test("a pharmacy that cannot now is asked again, and an answer to another message proves nothing", async () => {
  const { arrived, said, send, ended } = await setUp();
  said.answer = (text) => buildScriptAck({ text }, { kind: "Error", code: "602", now: 0, messageId: "P3" });
  await send(newRx("RX-5"));
  expect(await ended()).toBe("dead LAN-101");
  expect(arrived.length).toBe(2);
  said.answer = () => buildScriptAck({ text: newRx("RX-0") }, { kind: "Status", code: "010", now: 0, messageId: "P4" });
  await send(newRx("RX-6"));
  expect(await ended()).not.toMatch(/^delivered/);
});

test("code may route a signed prescription, and neither its edit nor its text of something else leaves", async () => {
  const routed = await setUp({ transform: 'msg.set("message.to", "0888888");' });
  await routed.send(newRx("RX-7", true));
  expect(await routed.ended()).toBe("delivered");
  expect(routed.arrived).toEqual([newRx("RX-7", true).replace("0999999", "0888888")]);
  const edited = await setUp({ transform: 'msg.set("drug.quantity", "300");' });
  await edited.send(newRx("RX-8", true));
  expect(await edited.ended()).toMatch(/^dead SBX-/);
  const replaced = await setUp({ transform: 'return msg.toString().replace(">30<", ">300<");' });
  await replaced.send(newRx("RX-9", true));
  expect(await replaced.ended()).toBe("dead FLW-210");
  expect([...edited.arrived, ...replaced.arrived]).toEqual([]);
  await edited.send(newRx("RX-10"));
  expect(await edited.ended()).toBe("delivered");
  expect(parseScript(edited.arrived[0] ?? "").get("drug.quantity")).toBe("300");
});
