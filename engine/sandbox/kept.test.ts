import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildScript, Written } from "../codec/script/index.ts";
import { body, message, type OpenedSandbox, openSandbox, program } from "./samples.ts";

let sandbox: OpenedSandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

async function transform(format: "json" | "fhir" | "script", text: string, code: string) {
  expect(await sandbox.load(program({ format, transform: body(code) }))).toEqual([]);
  return (await sandbox.run("lab", message(text))).results[0];
}

describe("JSON through code", () => {
  it("keeps numbers that a double would change, in what is edited, copied and put into something new", async () => {
    const text = '{"id":12345678901234567890,"dose":0.1234567890123456789,"n":1e400,"a":1}';
    expect(await transform("json", text, "msg.a = 2;")).toMatchObject({ text: '{"id":12345678901234567890,"dose":0.1234567890123456789,"n":1e400,"a":2}' });
    expect(await transform("json", text, "return { of: msg.id, list: [msg.dose, { deep: msg.n }] };")).toMatchObject({ text: '{"of":12345678901234567890,"list":[0.1234567890123456789,{"deep":1e400}]}' });
    expect(await transform("fhir", '{"resourceType":"Observation","valueQuantity":{"value":98765432109876543210}}', "msg.status = 'final';")).toMatchObject({ text: '{"resourceType":"Observation","valueQuantity":{"value":98765432109876543210},"status":"final"}' });
  });
  it("keeps the digits of numbers that are not changed, and writes those that code gives", async () => {
    const text = '{"dose":1.50,"list":[2.0,3.10],"n":7e1}';
    expect(await transform("json", text, "msg.list[0] = 4; msg.seen = true;")).toMatchObject({ text: '{"dose":1.50,"list":[4,3.10],"n":7e1,"seen":true}' });
    expect(await transform("json", text, "msg.dose = msg.dose * 2; return { msg };")).toMatchObject({ text: '{"msg":{"dose":3,"list":[2.0,3.10],"n":7e1}}' });
    expect(await transform("json", text, 'return { dose: decimal("0.250"), as: decimal("0.250").text };')).toMatchObject({ text: '{"dose":0.250,"as":"0.250"}' });
    for (const odd of ['"1."', '"01"', "1", '"1}"']) expect(await transform("json", text, `return { dose: decimal(${odd}) };`)).toMatchObject({ kind: "failed" });
  });
  it("with a key twice does not reach code", async () => {
    expect(await transform("json", '{"a":1,"a":2}', "return { a: msg.a };")).toMatchObject({ kind: "failed", code: "SBX-209" });
  });
  it("with a key twice does not leave it", async () => {
    expect(await transform("json", "{}", `return '{"a":1,"a":2}';`)).toMatchObject({ kind: "failed", code: "SBX-207" });
  });
});

describe("SCRIPT through code", () => {
  const rx = (isSigned: boolean) => buildScript({
    version: "2017071",
    header: { To: "0999999", MessageID: "A-1", ...(isSigned && { DigitalSignature: new Written({ Version: "1.1" }, { DigitalSignatureIndicator: "true" }) }) },
    body: { NewRx: { Patient: { HumanPatient: { Name: { LastName: "Exemplar", FirstName: "Ada" } } }, MedicationPrescribed: { DrugDescription: "Example", Quantity: { Value: "30" } } } },
  });
  it("is read and edited by path, the rest byte for byte", async () => {
    const code = 'log(msg.type, msg.controlId, msg.version, msg.isSigned); msg.set("patient.name.last", msg.get("HumanPatient/Name/LastName").toUpperCase()); for (const drug of msg.all("MedicationPrescribed")) drug.set("Quantity/Value", 60);';
    expect(await transform("script", rx(false), code)).toEqual({ kind: "output", format: "script", text: rx(false).replace("Exemplar", "EXEMPLAR").replace(">30<", ">60<") });
    expect(await transform("script", rx(false), "return parseScript(msg.toString()).set('message.to', '1');")).toMatchObject({ format: "script", text: rx(false).replace("0999999", "1") });
  });
  it("that is signed is routed and not edited", async () => {
    expect(await transform("script", rx(true), 'msg.set("message.to", "0888888");')).toMatchObject({ text: rx(true).replace("0999999", "0888888") });
    expect(await transform("script", rx(true), 'msg.set("drug.quantity", 60);')).toMatchObject({ kind: "failed" });
  });
});
