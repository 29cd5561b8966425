import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { buildScript, type Content, parseScript, Written } from "../../codec/script/index.ts";
import type { Partner, SigningApplication } from "../../config/project.ts";
import { alters, prescriptionFlaw } from "./index.ts";
import { controlledIn } from "./schedule.ts";
import { isDeaNumber } from "./whole.ts";

const now = Date.UTC(2026, 10, 23, 12);
const ed = generateKeyPairSync("ed25519");
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ type: "spki", format: "der" }).toString("base64");
const drugs = { "00999000101": "II", "00999000102": "none", "00999000103": "IV", "00999000104": "V", "00999000105": "perhaps" };

interface Given {
  readonly code?: string;
  readonly schedule?: string;
  readonly more?: Content;
  readonly head?: object;
  readonly type?: string;
}

const address = { AddressLine1: "1 Example Way", City: "Springfield", StateProvince: "MA", PostalCode: "01101" };
function rx({ code = "00999000103", schedule = "C48677", more = {}, head = {}, type = "NewRx" }: Given = {}): string {
  const coded = { ...(code && { ProductCode: { Code: code, Qualifier: "ND" } }), ...(schedule && { DEASchedule: { Code: schedule } }) };
  const medication = { DrugDescription: "Example 5 MG Tablet", DrugCoded: coded, Quantity: { Value: "30" }, WrittenDate: { Date: "2026-11-23" }, NumberOfRefills: "0", Sig: { SigText: "1 at night" }, ...(more as object) };
  const prescriber = { NonVeterinarian: { Identification: { NPI: "1999999984", DEANumber: "AB1234563" }, Name: { LastName: "Sample", FirstName: "Uma" }, Address: address } };
  const patient = { HumanPatient: { Name: { LastName: "Exemplar", FirstName: "Ada" }, Gender: "F", DateOfBirth: { Date: "1961-04-12" }, Address: address } };
  const signed = { DigitalSignature: new Written({ Version: "1.1" }, { DigitalSignatureIndicator: "true" }) };
  return buildScript({
    version: "20170715",
    header: { To: new Written({ Qualifier: "P" }, "0999999"), From: new Written({ Qualifier: "D" }, "7777777777001"), MessageID: "A-1", SentTime: "2026-11-23T12:00:00Z", ...signed, ...head },
    body: { [type]: { Patient: patient, Prescriber: prescriber, MedicationPrescribed: medication } },
  });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
function stated(text: string, claims: object = {}, { pair = ed, alg = "EdDSA", head = {} }: { pair?: { privateKey: KeyObject }; alg?: string; head?: object } = {}): string {
  const sha256 = createHash("sha256").update(bytesOf(text)).digest("hex");
  const said = `${part({ alg, ...head })}.${part({ sha256, factors: ["know", "have"], signedAt: now / 1000, application: "Visits Rx", version: "4.2", ...claims })}`;
  const signature = sign(pair === ec ? "sha256" : null, Buffer.from(said), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
  return `${said}.${signature.toString("base64url")}`;
}
const audit = { auditor: "Example Body", date: "2026-03-01", isOfThisVersion: true, document: { ref: "binder 7", sha256: "0".repeat(64) } };
const partner = (change: Partial<SigningApplication> = {}) => ({ signing: { name: "Visits Rx", version: "4.2", key: spki(ed), audit, ...change } }) as unknown as Partner;
const flaw = (text: string, evidence: string | undefined = stated(text), of: Partner | undefined = partner()) => prescriptionFlaw(parseScript(text), bytesOf(text), evidence, of, now, drugs)?.code;

describe("which drugs are controlled", () => {
  test.each([
    ["stated, and in the table", "00999000103", "C48677", ["IV"]],
    ["stated alone", "00999009999", "C48676", ["III"]],
    ["in the table alone", "00999000101", "", ["II"]],
    ["in the table, and stated as unspecified", "00999000104", "C38046", ["V"]],
    ["nowhere: nobody can say that it is not", "00999009999", "", ["unknown"]],
    ["without any code", "", "", ["unknown"]],
    ["unspecified is no evidence", "", "C38046", ["unknown"]],
    ["two that differ", "00999000101", "C48679", ["unknown"]],
    ["controlled by its own word, not by the table", "00999000102", "C48677", ["unknown"]],
    ["stated in a way that nobody knows, not in the table", "00999000102", "C99999", ["unknown"]],
    ["a word of the table that means nothing", "00999000105", "", ["unknown"]],
    ["not controlled, and nothing else is stated", "00999000102", "", []],
    ["not controlled, stated as unspecified", "00999000102", "C38046", []],
  ])("%s", (_, code, schedule, expected) => {
    expect(controlledIn(parseScript(rx({ code, schedule })), drugs).map((drug) => drug.schedule)).toEqual(expected);
  });

  it("two statements that differ are not silence", () => {
    const text = rx({ code: "00999000102", schedule: "C38046" }).replace("<DEASchedule>", "<DEASchedule><Code>C48675</Code></DEASchedule><DEASchedule>");
    expect(controlledIn(parseScript(text), drugs)).toMatchObject([{ schedule: "unknown" }]);
  });

  it("answers and requests of a pharmacy order nothing", () => {
    expect(controlledIn(parseScript(rx({ type: "RxRenewalRequest" })), drugs)).toEqual([]);
    expect(controlledIn(parseScript(rx({ type: "RxRenewalResponse" })), drugs)).toHaveLength(1);
  });

  it("a prescription in which no drug can be found may be of any", () => {
    expect(controlledIn(parseScript(rx().replace(/MedicationPrescribed/g, "Something")), drugs)).toMatchObject([{ schedule: "unknown" }]);
  });
});

describe("a controlled prescription is taken", () => {
  it("with evidence of two factors over its bytes, by either kind of key", () => {
    expect(flaw(rx())).toBeUndefined();
    expect(flaw(rx(), stated(rx(), {}, { pair: ec, alg: "ES256" }), partner({ key: spki(ec) }))).toBeUndefined();
  });
  it("and one that is not controlled needs none", () => {
    expect(flaw(rx({ code: "00999000102", schedule: "", head: { DigitalSignature: undefined } }), "", undefined)).toBeUndefined();
  });
});

describe("a controlled prescription is refused", () => {
  const text = rx();
  test.each([
    ["from a party with no application", text, stated(text), {} as Partner, "EPC-201"],
    ["with an audit of three years ago", text, stated(text), partner({ audit: { ...audit, date: "2023-11-22" } }), "EPC-202"],
    ["with an audit of a day to come", text, stated(text), partner({ audit: { ...audit, date: "2026-11-24" } }), "EPC-202"],
    ["with an audit of another version", text, stated(text), partner({ audit: { ...audit, isOfThisVersion: false } }), "EPC-202"],
    ["by another version", text, stated(text, { version: "4.3" }), partner(), "EPC-202"],
    ["without evidence", text, "", partner(), "EPC-203"],
    ["with something else as evidence", text, "signed, honestly", partner(), "EPC-204"],
    ["with evidence under another key", text, stated(text, {}, { pair: generateKeyPairSync("ed25519") }), partner(), "EPC-204"],
    ["with evidence of no algorithm", text, `${part({ alg: "none" })}.${stated(text).split(".")[1]}.`, partner(), "EPC-204"],
    ["with the public key as a shared secret", text, stated(text).replace(/^[^.]+/, part({ alg: "HS256" })), partner(), "EPC-204"],
    ["with extensions that nobody understands", text, stated(text, {}, { head: { crit: ["exp"] } }), partner(), "EPC-204"],
    ["with evidence of tomorrow", text, stated(text, { signedAt: now / 1000 + 86_400 }), partner(), "EPC-204"],
    ["with evidence of another prescription", text, stated(rx({ head: { MessageID: "A-2" } })), partner(), "EPC-205"],
    ["with a space that the signed one had not", text.replace("1 at night", "1 at  night"), stated(text), partner(), "EPC-205"],
    ["signed with one factor", text, stated(text, { factors: ["know"] }), partner(), "EPC-206"],
    ["signed with one factor twice", text, stated(text, { factors: ["have", "have"] }), partner(), "EPC-206"],
    ["signed with factors of its own", text, stated(text, { factors: ["know", "wish"] }), partner(), "EPC-206"],
  ])("%s", (_, message, evidence, of, code) => {
    expect(flaw(message, evidence, of)).toBe(code);
  });

  test.each([
    ["that does not say it is signed", rx({ head: { DigitalSignature: undefined } }), "EPC-207"],
    ["that says it is not", rx().replace(">true<", ">false<"), "EPC-207"],
    ["that says it might be", rx().replace(">true<", ">perhaps<"), "EPC-207"],
    ["without directions", rx({ more: { Sig: undefined } }), "EPC-208"],
    ["without the patient's address", rx().replace("<AddressLine1>1 Example Way</AddressLine1>", ""), "EPC-208"],
    ["with an empty quantity", rx({ more: { Quantity: { Value: " " } } }), "EPC-208"],
    ["of Schedule IV with six refills", rx({ more: { NumberOfRefills: "6" } }), "EPC-209"],
    ["of Schedule II with one refill", rx({ code: "00999000101", schedule: "C48675", more: { NumberOfRefills: "1" } }), "EPC-209"],
    ["of unknown schedule with one refill", rx({ code: "", schedule: "", more: { NumberOfRefills: "1" } }), "EPC-209"],
    ["with refills that are no number", rx({ more: { NumberOfRefills: "PRN" } }), "EPC-209"],
    ["with a DEA number that cannot be", rx().replace("AB1234563", "AB1234564"), "EPC-210"],
    ["of Schedule I", rx({ schedule: "C48672", code: "" }), "EPC-212"],
    ["with another one in the same message", rx().replace("</MedicationPrescribed>", "</MedicationPrescribed><MedicationPrescribed><DrugDescription>Another</DrugDescription></MedicationPrescribed>"), "EPC-213"],
  ])("%s", (_, message, code) => {
    expect(flaw(message)).toBe(code);
  });

  it("five refills of Schedule IV are allowed, and refills of Schedule V", () => {
    expect(flaw(rx({ more: { NumberOfRefills: "5" } }))).toBeUndefined();
    expect(flaw(rx({ code: "00999000104", schedule: "C48679", more: { NumberOfRefills: "11" } }))).toBeUndefined();
  });
});

describe("on its way", () => {
  const text = rx();
  const sent = (changed: string) => ({ tree: parseScript(changed), text: changed });
  it("it leaves byte for byte as it came", () => {
    expect(alters(sent(text), { format: "script", text }, drugs)).toBe(false);
    expect(alters(sent(text.replace("0999999", "0999998")), { format: "script", text }, drugs)).toBe(true);
    expect(alters(sent(text), { format: "json", text: "{}" }, drugs)).toBe(true);
  });
  it("another drug's may be edited, and an answer written", () => {
    const other = rx({ code: "00999000102", schedule: "" });
    expect(alters(sent(other), { format: "json", text: "{}" }, drugs)).toBe(false);
    expect(alters(sent(rx({ type: "RxRenewalRequest" })), { format: "json", text: "{}" }, drugs)).toBe(false);
  });
});

test("DEA numbers by form and check digit", () => {
  expect(["AB1234563", "A91234563", "BB1388568", "AB1234563-X12"].map(isDeaNumber)).toEqual([true, true, true, true]);
  expect(["AB1234560", "1B1234563", "AB123456", "AB12345633", "", "AB1234563-"].map(isDeaNumber)).toEqual(Array(6).fill(false));
});
