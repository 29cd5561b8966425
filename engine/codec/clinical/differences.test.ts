import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseHl7 } from "../hl7v2/index.ts";
import { type JsonTree, parseJson } from "../json/index.ts";
import { clinicalDifferences, isResultMessage } from "./differences.ts";

const text = readFileSync("channels/fixtures/oru-r01.hl7", "utf8").replace(/\r?\n/g, "\r");
const codes = (from: Parameters<typeof clinicalDifferences>[0], format: string, to: string) => clinicalDifferences(from, { format, text: to })?.map(({ code, path }) => `${code} ${path}`);
const edited = (edit: (message: ReturnType<typeof parseHl7>) => unknown) => {
  const message = parseHl7(text);
  edit(message);
  return message.toString();
};
const hl7 = (edit: (message: ReturnType<typeof parseHl7>) => unknown) => codes(parseHl7(text), "hl7v2", edited(edit));

describe("HL7 v2 to HL7 v2", () => {
  it("lets through what is no result: header, visit, insurance, addresses", () => {
    expect(hl7((msg) => msg.set("MSH-3", "SLUICE").set("MSH-5", "WARD").set("PID-19", "").set("PID-11.1", "").set("PV1-3.1", "4EAST"))).toEqual([]);
  });

  it.each<[string, (message: ReturnType<typeof parseHl7>) => unknown, string[]]>([
    ["a result dropped", (msg) => msg.removeSegment("OBX[3]"), ["CLN-101 OBX[3]"]],
    ["a result doubled", (msg) => msg.addSegment(msg.all("OBX")[0]?.toString() ?? "", "OBX[1]"), ["CLN-102 OBX[2]"]],
    ["a value changed", (msg) => msg.set("OBX[1]-5", "7.2"), ["CLN-103 OBX[1]"]],
    ["a digit dropped", (msg) => msg.set("OBX[3]-5", "1.1"), ["CLN-103 OBX[3]"]],
    ["the second line of a text dropped", (msg) => msg.set("OBX[6]-5[2]", ""), ["CLN-103 OBX[6]"]],
    ["an escape resolved wrongly", (msg) => msg.setRaw("OBX[6]-5[1]", "Sample slightly hemolyzed T repeated."), ["CLN-103 OBX[6]"]],
    ["a comparator dropped", (msg) => msg.setRaw("OBX[4]-5", "^60"), ["CLN-103 OBX[4]"]],
    ["a number made text", (msg) => msg.set("OBX[1]-2", "ST"), ["CLN-103 OBX[1]"]],
    ["a unit changed", (msg) => msg.setRaw("OBX[1]-6", "mg/dL"), ["CLN-104 OBX[1]"]],
    ["a unit dropped", (msg) => msg.setRaw("OBX[2]-6", ""), ["CLN-104 OBX[2]"]],
    ["a range changed", (msg) => msg.set("OBX[1]-7", "3.5-7.5"), ["CLN-105 OBX[1]"]],
    ["a flag downgraded", (msg) => msg.set("OBX[1]-8", "H"), ["CLN-106 OBX[1]"]],
    ["a flag dropped", (msg) => msg.set("OBX[1]-8", ""), ["CLN-106 OBX[1]"]],
    ["a flag added", (msg) => msg.set("OBX[5]-8", "N"), ["CLN-106 OBX[5]"]],
    ["preliminary made of final", (msg) => msg.set("OBX[1]-11", "P"), ["CLN-107 OBX[1]"]],
    ["the report made corrected", (msg) => msg.set("OBR-25", "C"), ["CLN-107 OBR[1]"]],
    ["a code changed", (msg) => msg.set("OBX[1]-3.1", "2951-2"), ["CLN-108 OBX[1]"]],
    ["a sub-id changed", (msg) => msg.set("OBX[1]-4", "2"), ["CLN-108 OBX[1]"]],
    ["the order's test changed", (msg) => msg.set("OBR-4.1", "24321-2"), ["CLN-108 OBR[1]"]],
    ["the time of a result changed", (msg) => msg.set("OBX[1]-14", "20260302133000-0500"), ["CLN-109 OBX[1]"]],
    ["the time of collection dropped", (msg) => msg.set("OBR-7", ""), ["CLN-109 OBR[1]"]],
    ["a comment dropped", (msg) => msg.removeSegment("NTE"), ["CLN-110 NTE[1]"]],
    ["a comment changed", (msg) => msg.set("NTE-3", "Critical value read back."), ["CLN-110 NTE[1]"]],
    ["another patient", (msg) => msg.set("PID-3.1", "90017735"), ["CLN-111 PID[1]"]],
    ["no patient", (msg) => msg.set("PID-3.1", ""), ["CLN-111 PID[1]"]],
    ["another name", (msg) => msg.set("PID-5.1", "OTHER"), ["CLN-111 PID[1]"]],
    ["another day of birth", (msg) => msg.set("PID-7", "19640228"), ["CLN-111 PID[1]"]],
    ["the order's number changed", (msg) => msg.set("ORC-2.1", "X").set("OBR-2.1", "X"), ["CLN-112 OBR[1]"]],
    ["the specimen dropped", (msg) => msg.removeSegment("SPM"), ["CLN-113 SPM[1]"]],
  ])("%s", (_, edit, expected) => expect(hl7(edit)).toEqual(expected));

  it("says nothing of a name or a day of birth that is left out", () => expect(hl7((msg) => msg.set("PID-7", "").setRaw("PID-5", ""))).toEqual([]));

  it("reads other delimiters by meaning, and what is no HL7 as not comparable", () => {
    const others = "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\rPID|1||7^^^N\rOBR|1|P|F|1-8^X^LN|||2026\rOBX|1|NM|1-8^X^LN||5|mg/dL|1-9|N|||F\r";
    const written = others.replaceAll("^", "$").replace("MSH|$~\\&", "MSH|$~\\&");
    expect(codes(parseHl7(others), "hl7v2", written)).toEqual([]);
    expect(codes(parseHl7(others), "hl7v2", written.replace("|5|", "|6|"))).toEqual(["CLN-103 OBX[1]"]);
    expect(clinicalDifferences(parseHl7(others), { format: "hl7v2", text: "PID|1" })).toBeUndefined();
    expect(clinicalDifferences(parseHl7(others), { format: "fhir", text: "{" })).toBeUndefined();
  });

  it("finds any one change of a value, unit, range, flag or status among many results (CS-2)", () => {
    const result = (i: number) => `OBX|${i}|NM|${1000 + (i % 7)}-1^T^LN|${i}|${i}.10|mmol/L|3.5-5.1|H|||F|||20260301133000-0500`;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), fc.constantFrom("3.1", "4", "5", "6.1", "7", "8", "11", "14"), fc.stringMatching(/^[A-Z0-9.<>]{1,6}$/), (count, which, field, value) => {
        const whole = `MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\rPID|1||7^^^N\rOBR|1|P|F|1-8^X^LN\r${Array.from({ length: count }, (_, i) => result(i + 1)).join("\r")}\r`;
        const changed = parseHl7(whole);
        changed.set(`OBX[${(which % count) + 1}]-${field}`, value);
        const isSame = changed.toString() === whole;
        expect((codes(parseHl7(whole), "hl7v2", changed.toString()) ?? []).length > 0).toBe(!isSame);
      }),
      { numRuns: 2000 },
    );
  });
});

/** What a transform could make of the message above, by hand. */
const quantity = (value: string, more = "") => `"valueQuantity":{"value":${value},"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"${more}}`;
const observation = (code: string, rest: string) => `{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"${code}"}]},"effectiveDateTime":"2026-03-01T13:30:00-05:00",${rest}}}`;
const fhir = (change: (text: string) => string = (same) => same) =>
  change(`{"resourceType":"Bundle","type":"transaction","entry":[
{"resource":{"resourceType":"Patient","identifier":[{"value":"90017734"}],"name":[{"family":"TESTPATIENT"}],"birthDate":"1964-02-29"}},
{"resource":{"resourceType":"DiagnosticReport","identifier":[{"value":"ORD7730021"},{"value":"LB26-0091123"}],"status":"final","code":{"coding":[{"code":"24320-4"}]},"effectiveDateTime":"2026-03-01T13:30:00-05:00","conclusion":"Critical value read back at 14^15."}},
${observation("2823-3", `${quantity("7.1")},"interpretation":[{"coding":[{"code":"HH"}]}],"referenceRange":[{"low":{"value":3.5},"high":{"value":5.1},"text":"3.5-5.1"}]`)},
${observation("2951-2", `${quantity("138")},"interpretation":[{"coding":[{"code":"N"}]}],"referenceRange":[{"text":"136-145"}]`)},
${observation("2160-0", `"valueQuantity":{"value":1.10,"unit":"mg/dL"},"interpretation":[{"coding":[{"code":"N"}]}],"referenceRange":[{"low":{"value":0.60},"high":{"value":1.20}}]`)},
${observation("33914-3", `"valueQuantity":{"value":60,"comparator":">","code":"mL/min/{1.73_m2}"},"interpretation":[{"coding":[{"code":"N"}]}],"referenceRange":[{"text":">60"}]`)},
${observation("11279-9", `"valueCodeableConcept":{"coding":[{"code":"260385009","display":"Negative"}]}`)},
${observation("8251-1", `"valueString":"Sample slightly hemolyzed& repeated.\\nCalled to the ward."`)}]}`);
const toFhir = (change?: (text: string) => string) => codes(parseHl7(text), "fhir", fhir(change));

describe("HL7 v2 to FHIR", () => {
  it("finds nothing where all is there", () => expect(toFhir()).toEqual([]));

  it.each<[string, [from: string, to: string], string[]]>([
    ["a result dropped", [`,\n${observation("8251-1", `"valueString":"Sample slightly hemolyzed& repeated.\\nCalled to the ward."`)}`, ""], ["CLN-101 OBX[6]"]],
    ["a result made up", ["]}", `,${observation("1-8", quantity("1"))}]}`], ["CLN-102 entry[8].resource"]],
    ["a value changed", ['"value":7.1', '"value":7.2'], ["CLN-103 OBX[1]"]],
    ["a digit dropped", ['"value":1.10', '"value":1.1'], ["CLN-103 OBX[3]"]],
    ["a value dropped", [`${quantity("138")},`, ""], ["CLN-103 OBX[2]"]],
    ["a comparator dropped", ['"comparator":">",', ""], ["CLN-103 OBX[4]"]],
    ["a code of the value changed", ["260385009", "10828004"], ["CLN-103 OBX[5]"]],
    ["half of a text", ["\\nCalled to the ward.", ""], ["CLN-103 OBX[6]"]],
    ["a unit changed", ['"unit":"mg/dL"', '"unit":"mmol/L"'], ["CLN-104 OBX[3]"]],
    ["a code of the unit that contradicts it", ['"unit":"mg/dL"', '"unit":"mg/dL","code":"g/L"'], ["CLN-104 OBX[3]"]],
    ["a unit dropped", [',"unit":"mg/dL"', ""], ["CLN-104 OBX[3]"]],
    ["a range changed", ['"text":"136-145"', '"text":"130-145"'], ["CLN-105 OBX[2]"]],
    ["bounds that contradict the text of a range", ['"high":{"value":5.1}', '"high":{"value":7.1}'], ["CLN-105 OBX[1]"]],
    ["a range dropped", [',"referenceRange":[{"text":"136-145"}]', ""], ["CLN-105 OBX[2]"]],
    ["a flag downgraded", ['"code":"HH"', '"code":"H"'], ["CLN-106 OBX[1]"]],
    ["a flag dropped", ['"interpretation":[{"coding":[{"code":"HH"}]}],', ""], ["CLN-106 OBX[1]"]],
    ["a flag added", ['{"coding":[{"code":"HH"}]}', '{"coding":[{"code":"HH"},{"code":"N"}]}'], ["CLN-106 OBX[1]"]],
    ["another status", ['"Observation","status":"final"', '"Observation","status":"preliminary"'], ["CLN-107 OBX[1]"]],
    ["another status of the report", ['"value":"LB26-0091123"}],"status":"final"', '"value":"LB26-0091123"}],"status":"preliminary"'], ["CLN-107 OBR[1]"]],
    ["the report's test dropped", ['"code":{"coding":[{"code":"24320-4"}]},', ""], ["CLN-108 OBR[1]"]],
    ["another time", ['"effectiveDateTime":"2026-03-01T13:30:00-05:00","valueQuantity":{"value":7.1', '"effectiveDateTime":"2026-03-01T13:30:00+05:00","valueQuantity":{"value":7.1'], ["CLN-109 OBX[1]"]],
    ["a comment dropped", ["Critical value read back at 14^15.", ""], ["CLN-110 NTE[1]"]],
    ["another patient", ['"value":"90017734"', '"value":"90017735"'], ["CLN-111 PID[1]"]],
    ["a second patient's number", ['"value":"90017734"}', '"value":"90017734"},{"value":"1"}'], ["CLN-111 PID[1]"]],
    ["another day of birth", ["1964-02-29", "1964-02-28"], ["CLN-111 PID[1]"]],
    ["the order's number dropped", ['{"value":"ORD7730021"},', ""], ["CLN-112 OBR[1]"]],
    ["a specimen of another time", ['"entry":[', '"entry":[{"resource":{"resourceType":"Specimen","collection":{"collectedDateTime":"2026-03-02"}}},'], ["CLN-113 entry[0].resource"]],
  ])("%s", (_, [from, to], expected) => {
    expect(fhir()).toContain(from);
    expect(toFhir((same) => (from === "]}" ? same.replace(/\]\}$/, to) : same.replace(from, to)))).toEqual(expected);
  });

  it("takes the same moment in another offset, and a day where no offset was stated", () => {
    expect(toFhir((same) => same.replaceAll("2026-03-01T13:30:00-05:00", "2026-03-01T18:30:00Z"))).toEqual([]);
    const plain = text.replaceAll("20260301133000-0500", "20260301133000");
    expect(codes(parseHl7(plain), "fhir", fhir((same) => same.replaceAll("2026-03-01T13:30:00-05:00", "2026-03-01")))).toEqual([]);
  });

  it("takes a flag that FHIR has no code for as text, and a number with its unit as a string", () => {
    const odd = edited((msg) => msg.set("OBX[1]-8", "ZZ").set("OBX[2]-5", "1,000"));
    const made = fhir((same) => same.replace('{"coding":[{"code":"HH"}]}', '{"text":"ZZ"}').replace(quantity("138"), '"valueString":"1,000 mmol/L"'));
    expect(codes(parseHl7(odd), "fhir", made)).toEqual([]);
    expect(codes(parseHl7(odd), "fhir", made.replace("1,000 mmol/L", "1,000"))).toEqual(["CLN-104 OBX[2]"]);
  });
});

describe("FHIR to FHIR and to HL7 v2", () => {
  const tree = () => parseJson(fhir(), "fhir") as JsonTree;
  it("finds what a transform changes in FHIR", () => {
    expect(codes(tree(), "fhir", fhir())).toEqual([]);
    expect(codes(tree(), "fhir", fhir((same) => same.replace('"value":7.1', '"value":7.10').replace('"code":"HH"', '"code":"N"')))).toEqual(["CLN-103 entry[2].resource", "CLN-106 entry[2].resource"]);
    expect(codes(tree(), "fhir", fhir((same) => same.replace("read back", "read")))).toEqual(["CLN-110 note"]);
  });

  it("finds what a transform to HL7 v2 changes", () => {
    expect(codes(tree(), "hl7v2", text)).toEqual([]);
    expect(codes(tree(), "hl7v2", edited((msg) => msg.set("OBX[1]-5", "7.2")))).toEqual(["CLN-103 entry[2].resource"]);
    expect(codes(tree(), "hl7v2", edited((msg) => msg.removeSegment("OBX[2]")))).toEqual(["CLN-101 entry[3].resource"]);
    expect(codes(tree(), "hl7v2", edited((msg) => msg.set("PID-3.1", "1")))).toEqual(["CLN-111 entry[0].resource"]);
  });
});

describe("what reports results", () => {
  it.each([
    ["hl7v2", "MSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5\r", true], ["hl7v2", "MSH|^~\\&|A|B|C|D|2026||OUL^R22|1|P|2.5\r", true],
    ["hl7v2", "MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rOBX|1|NM|1\r", false], ["hl7v2", "MSH|^~\\&|A|B|C|D|2026||OML^O21|1|P|2.5\r", false],
    ["fhir", '{"resourceType":"Observation"}', true], ["fhir", '{"resourceType":"DiagnosticReport"}', true], ["fhir", '{"resourceType":"Patient"}', false],
    ["fhir", '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Observation"}}]}', true],
  ] as const)("%s %s", (format, message, expected) => expect(isResultMessage(format === "hl7v2" ? parseHl7(message) : parseJson(message, "fhir"))).toBe(expected));
});
