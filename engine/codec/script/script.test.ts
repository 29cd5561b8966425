import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundTrips } from "../bytes/roundtrip.ts";
import { detectFormat, readTree } from "../index.ts";
import { problemsOf, validatorOf } from "../validate.ts";
import { buildScript, buildScriptAck, parseScript, readScriptAck, scheduleOf, Written } from "./index.ts";
import { structures, transactions, versionIn } from "./structures.ts";

const now = Date.UTC(2026, 0, 5, 8, 15);
const patient = { HumanPatient: { Name: { LastName: "Exemplar", FirstName: "Ada" }, Gender: "F", DateOfBirth: { Date: "1961-04-12" } } };
const prescriber = { NonVeterinarian: { Identification: { NPI: "1999999984" }, Name: { LastName: "Sample", FirstName: "Uma" } } };
const medication = { DrugDescription: "Example 5 MG Tablet", DrugCoded: { DEASchedule: { Code: "C48677" } }, Quantity: { Value: "30" }, WrittenDate: { Date: "2026-01-05" } };
const header = { To: new Written({ Qualifier: "P" }, "0999999"), From: new Written({ Qualifier: "D" }, "7777777777001"), MessageID: "A-1", SentTime: "2026-01-05T08:15:00Z" };
const newRx = (more: object = {}, head: object = {}) => buildScript({ version: "20170715", header: { ...header, ...head }, body: { NewRx: { Patient: patient, Prescriber: prescriber, MedicationPrescribed: { ...medication, ...more } } } });
const errorsIn = async (text: string) => (await validatorOf("script"))(parseScript(text)).filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${path}`);
const swapped = (from: string, to: string, text = newRx()) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

describe("a SCRIPT message", () => {
  it("says what it is", () => {
    const message = parseScript(newRx());
    expect([message.type, message.controlId, message.version, message.isSigned, versionIn(message.version)]).toEqual(["NewRx", "A-1", "20170715", false, "2017071"]);
    expect([detectFormat(newRx()), detectFormat("<Message><a/></Message>"), detectFormat('<m:Message xmlns:m="http://www.ncpdp.org/schema/SCRIPT"/>')]).toEqual(["script", "xml", "script"]);
    expect(["v2023011", "20230111", "2023011", "10.6", ""].map(versionIn)).toEqual(["2023011", "2023011", "2023011", undefined, undefined]);
  });
  it("is read by names of elements, short names, and with any prefix", () => {
    const prefixed = newRx().replace(/<(\/?)(?=[A-Z])/g, "<$1s:").replace("<s:Message", '<s:Message xmlns:s="http://www.ncpdp.org/schema/SCRIPT"');
    for (const text of [newRx(), prefixed]) {
      const message = parseScript(text);
      const paths = ["NewRx/Patient/HumanPatient/Name/LastName", "patient.name.last", "/Message/Body/NewRx/Patient/HumanPatient/Name/LastName"];
      expect(paths.map((path) => message.get(path))).toEqual(["Exemplar", "Exemplar", "Exemplar"]);
      expect(message.toString()).toBe(text);
      expect(parseScript(message.set("patient.name.last", "O'N & <b>").toString()).values("patient.name.last")).toEqual(["O'N & <b>"]);
    }
  });
  it("of other XML is none", () => {
    expect(() => parseScript("<DirectoryMessage/>")).toThrow("SCR-001");
    expect(() => readTree("script", "<!DOCTYPE Message><Message/>")).toThrow("XML-002");
    expect(() => buildScript({ version: "2017071", header: {}, body: { "a b": "" } })).toThrow("SCR-103");
  });
});

describe("signed content", () => {
  const digital = { DigitalSignature: new Written({ Version: "1.1" }, { DigitalSignatureIndicator: "true" }) };
  const enveloped = (uri: string, at = "</Message>") => swapped(at, `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:Reference URI="${uri}"/></ds:SignedInfo><ds:SignatureValue>eA==</ds:SignatureValue></ds:Signature>${at}`);

  it("of SCRIPT's own signature is the body, and the routing is free", () => {
    const message = parseScript(newRx({}, digital));
    expect(message.isSigned).toBe(true);
    for (const path of ["patient.name.last", "drug.quantity", "DigitalSignature/DigitalSignatureIndicator", "/Message/Header/DigitalSignature/@Version"]) expect(() => message.set(path, "9"), path).toThrow("SCR-102");
    expect(message.set("message.to", "0888888").toString()).toBe(newRx({}, digital).replace("0999999", "0888888"));
    expect(message.signedTexts.every((text) => message.toString().includes(text))).toBe(true);
    expect(parseScript(newRx({}, { DigitalSignature: { DigitalSignatureIndicator: "false" } })).isSigned).toBe(false);
    expect(problemsOf(message).map(({ code }) => code)).toEqual(["SCR-213"]);
  });
  it("of an XML signature is what it refers to: an element with its attributes, else everything", () => {
    const part = parseScript(enveloped("#rx").replace("<NewRx>", '<NewRx Id="rx">'));
    expect(() => part.set("patient.name.last", "X")).toThrow("SCR-102");
    expect(() => part.set("NewRx/@Id", "X")).toThrow("SCR-102");
    expect(part.set("message.to", "0888888").get("message.to")).toBe("0888888");
    for (const uri of ["", "#nowhere", "cid:other"]) expect(() => parseScript(enveloped(uri)).set("message.to", "1"), uri).toThrow("SCR-102");
  });
  it("is also not reached through elements of it", () => {
    const [drug] = parseScript(newRx({}, digital)).all("MedicationPrescribed");
    expect(() => drug?.set("DrugDescription", "Other")).toThrow("SCR-102");
  });
});

describe("what the tables say", () => {
  it("a version that is stated twice is the same twice, or none is taken", async () => {
    const root = (attributes: string) => newRx().replace(/<Message [^>]*>/, `\n<Message ${attributes}>`);
    const said = async (attributes: string) => [await errorsIn(root(attributes)), problemsOf(parseScript(root(attributes))).map(({ code, path, line }) => `${code} ${path} ${line}`)];
    const good = [[], []];
    expect(await said('TransactionVersion="20170715" version="2017071"')).toEqual(good);
    expect(await said('version="2023011"')).toEqual(good);
    const twice = [["SCR-214 /Message"], ["SCR-214 /Message 3"]];
    expect(await said('TransactionVersion="20170715" version="2023011"')).toEqual(twice);
    expect(await said('version="2023011" TransactionVersion="2017071"')).toEqual(twice);
    expect(await said('version="10.6" TransactionVersion="2017071"')).toEqual(twice);
    expect(await said('version="  " TransactionVersion=""')).toEqual([["SCR-201 /Message"], ["SCR-201 /Message 3"]]);
    expect((await said('version="010" TransactionVersion="010006"'))[0]).toEqual(["SCR-201 /Message"]);
    expect(parseScript(root('version="2023011" TransactionVersion="2017071"')).toString()).toBe(root('version="2023011" TransactionVersion="2017071"'));
  });
  it("a whole message has no errors, in both versions", async () => {
    expect(await errorsIn(newRx())).toEqual([]);
    expect(await errorsIn(newRx().replaceAll("20170715", "2023011"))).toEqual([]);
  });
  it.each([
    ["a version of another time", "20170715", "10.6", "SCR-201 /Message"],
    ["no message id", "<MessageID>A-1</MessageID>", "", "SCR-202 /Message/Header/MessageID"],
    ["two transactions", "</NewRx>", "</NewRx><CancelRx/>", "SCR-203 /Message/Body"],
    ["a patient of no kind", "HumanPatient>", "Being>", "SCR-205 /Message/Body/NewRx/Patient"],
    ["two birth dates", "</DateOfBirth>", "</DateOfBirth><DateOfBirth><Date>1970-01-01</Date></DateOfBirth>", "SCR-206 /Message/Body/NewRx/Patient/HumanPatient/DateOfBirth[2]"],
    ["a day that is none", "1961-04-12", "12.4.1961", "SCR-207 /Message/Body/NewRx/Patient/HumanPatient/DateOfBirth/Date"],
    ["an empty drug", "Example 5 MG Tablet", "", "SCR-207 /Message/Body/NewRx/MedicationPrescribed/DrugDescription"],
    ["a name in another order", "<LastName>Exemplar</LastName><FirstName>Ada</FirstName>", "<FirstName>Ada</FirstName><LastName>Exemplar</LastName>", "SCR-209 /Message/Body/NewRx/Patient/HumanPatient/Name/LastName"],
    ["a number of a prescriber that is too short", "1999999984", "19999", "SCR-207 /Message/Body/NewRx/Prescriber/NonVeterinarian/Identification/NPI"],
  ])("%s is an error with its path", async (_, from, to, expected) => {
    const text = newRx().replaceAll(from, to);
    expect(text).not.toBe(newRx());
    expect(await errorsIn(text)).toContain(expected);
  });
  it("tell a line, and never a value", async () => {
    const text = newRx().replaceAll("><", ">\n<").replace("1961-04-12", "Ada-Exemplar");
    const problems = (await validatorOf("script"))(parseScript(text));
    expect(problems.find(({ severity }) => severity === "error")).toEqual({ code: "SCR-207", path: "/Message/Body/NewRx/Patient/HumanPatient/DateOfBirth/Date", line: text.split("\n").findIndex((each) => each.includes("Ada-Exemplar")) + 1, severity: "error", standard: "900" });
    expect(JSON.stringify(problems)).not.toContain("Ada-Exemplar");
  });
  it("note what is unknown, elsewhere or expected, and keep it", async () => {
    const text = newRx().replace("<Gender>F</Gender>", "<Mood>calm</Mood>").replace("<To", "<SentBefore/><To");
    const codes = (await validatorOf("script"))(parseScript(text)).filter(({ severity }) => severity === undefined).map(({ code, path }) => `${code} ${path}`);
    expect(codes).toEqual(expect.arrayContaining(["SCR-208 /Message/Header/SentBefore", "SCR-208 /Message/Body/NewRx/Patient/HumanPatient/Mood", "SCR-210 /Message/Body/NewRx/Patient/HumanPatient/Gender"]));
    expect(await errorsIn(text)).toEqual([]);
    expect(parseScript(text).get("HumanPatient/Mood")).toBe("calm");
    const other = text.replaceAll("NewRx", "OtherRx");
    expect(await errorsIn(other)).toEqual([]);
  });
  it("name what is required of each transaction, which is an error once it is gone", async () => {
    for (const name of transactions) {
      const needed = structures.get(name)?.items.filter(({ min, alternatives }) => min === 1 && alternatives.length === 1).map(({ alternatives: [only] }) => only?.name) ?? [];
      const found = await errorsIn(buildScript({ version: "2017071", header, body: { [name]: {} } }));
      expect(found.filter((each) => each.startsWith("SCR-202")), name).toEqual(needed.map((each) => `SCR-202 /Message/Body/${name}/${each}`));
    }
  });
});

describe("schedules", () => {
  const of = (code: string | undefined) => scheduleOf(parseScript(newRx({ DrugCoded: code === undefined ? {} : { DEASchedule: { Code: code } } })));
  it.each([["C48675", "II"], ["C48676", "III"], ["C48677", "IV"], ["C48679", "V"], ["C48672", "I"], ["C38046", "unspecified"], ["C99999", "unknown"], [undefined, "unknown"]])("%s is %s", (code, schedule) => {
    expect(of(code).map((each) => [each.path, each.schedule])).toEqual([["/Message/Body/NewRx/MedicationPrescribed", schedule]]);
  });
  it("give the codes of the drug, and of two statements that differ say nothing", () => {
    const coded = { ProductCode: { Code: "00999000101", Qualifier: "ND" }, DEASchedule: [{ Code: "C48675" }, { Code: "C48677" }] };
    expect(scheduleOf(parseScript(newRx({ DrugCoded: coded })))).toEqual([{ path: "/Message/Body/NewRx/MedicationPrescribed", schedule: "unknown", isStated: true, codes: [{ code: "00999000101", qualifier: "ND" }] }]);
    expect(scheduleOf(parseScript(newRx({ DrugCoded: { ProductCode: coded.ProductCode } })))).toMatchObject([{ schedule: "unknown", isStated: false }]);
    expect(scheduleOf(parseScript(buildScript({ version: "2017071", header, body: { Status: { Code: "000" } } })))).toEqual([]);
  });
});

describe("answers", () => {
  it("swap the parties, name the message and hold no content", async () => {
    for (const [kind, code] of [["Status", "000"], ["Error", "900"], ["Verify", "010"]] as const) {
      const text = buildScriptAck({ text: newRx() }, { kind, code, now, messageId: "S1", ...(kind === "Error" && { error: "FLW-101" }) });
      const answer = parseScript(text);
      expect([answer.get("message.to"), answer.get("/Message/Header/To/@Qualifier"), answer.get("message.from"), answer.controlId, answer.version]).toEqual(["7777777777001", "D", "0999999", "S1", "20170715"]);
      expect(readScriptAck(text)).toEqual({ kind, code, relatesTo: "A-1" });
      expect(text).not.toMatch(/Exemplar|Ada|1961|Tablet/);
      expect(await errorsIn(text)).toEqual([]);
    }
  });
  it("say nothing again that has not the standard's form, and never throw for what came", () => {
    const odd = swapped("A-1", "Ada Exemplar").replace("7777777777001", "Ada Exemplar, 4 Long Lane");
    expect(parseScript(buildScriptAck({ text: newRx().replaceAll("20170715", "19610412") }, { kind: "Status", code: "000", now, messageId: "S1" })).version).toBe("2017071");
    expect(buildScriptAck({ text: odd }, { kind: "Error", code: "900", now, messageId: "S1" })).not.toContain("Ada");
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("<", ">", "/", "Message", "Header", '"', "&", " ", "a") }), (text) => {
      expect(readScriptAck(buildScriptAck({ text }, { kind: "Error", code: "900", error: "SCR-001", now, messageId: "S1" }))?.code).toBe("900");
    }));
    for (const wrong of [{ code: "123" }, { code: "900", messageId: "a b" }, { code: "900", error: "Ada Exemplar" as never }]) expect(() => buildScriptAck({}, { kind: "Error", now, messageId: "S1", ...wrong })).toThrow("ACK-001");
  });
});

it("parse(serialise(x)) is x for trees of any shape", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", "&", "<", ">", '"', "'", "\n", "\t", "\r", "é", "😀", "]]>"), minLength: 1 });
  const name = fc.constantFrom("Name", "LastName", "Note", "Code", "Patient", "x_1", "A.b-c");
  const { tree } = fc.letrec<{ tree: object; node: unknown }>((tie) => ({
    node: fc.oneof({ depthSize: "small" }, text, tie("tree")),
    tree: fc.dictionary(name, tie("node"), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(tree, (content) => {
      const message = parseScript(buildScript({ version: "2023011", header: { MessageID: "1" }, body: { NewRx: content as never } }));
      const leaves: [string, string][] = [];
      const walk = (node: unknown, path: string): void => {
        if (typeof node === "string") leaves.push([path, node]);
        else for (const [key, value] of Object.entries(node as object)) walk(value, `${path}/${key}`);
      };
      walk(content, "/Message/Body/NewRx");
      expect([...message.leaves()].filter(({ path }) => path.startsWith("/Message/Body")).map(({ path, value }) => [path, value])).toEqual(leaves);
      for (const [path, value] of leaves) expect(message.get(path)).toBe(value);
    }),
  );
});

it("comes back byte for byte in whatever characters it is written", () => {
  const text = newRx().replace("Exemplar", "Exémplar");
  const written = [
    Buffer.from(text, "utf8"),
    Buffer.from(`\uFEFF${text}`, "utf8"),
    Buffer.from(`\uFEFF${text.replace("UTF-8", "UTF-16")}`, "utf16le"),
    Buffer.from(text.replace("UTF-8", "ISO-8859-1"), "latin1"),
  ];
  for (const bytes of written) for (const seed of [1, 2, 3]) expect(roundTrips(bytes, "script", seed)).toBe(true);
  expect(() => roundTrips(Buffer.from(text, "latin1"), "script", 1)).toThrow("BYT-002");
});
