import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../sdk/error.ts";
import { buildOutcome } from "../ack/outcome.ts";
import { fhirFromXml, fhirToXml, validateFhir, validateFhirLines } from "./index.ts";

const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir">
  <id value="p1"/>
  <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Ada &amp; <b>co</b></p></div></text>
  <contained><Organization><id value="o"/><name value="North"/></Organization></contained>
  <extension url="urn:x"><valueDecimal value="1.50"/></extension>
  <name id="n"><given value="Ada"/><given><extension url="http://hl7.org/fhir/StructureDefinition/data-absent-reason"><valueCode value="unknown"/></extension></given></name>
  <birthDate id="b" value="1980-02-03"/>
  <deceasedBoolean value="false"/>
  <multipleBirthInteger value="2"/>
  <managingOrganization><reference value="#o"/></managingOrganization>
</Patient>`;

const code = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return "none";
};
const errors = (text: string) => validateFhir(text).filter(({ severity }) => severity === "error").map(({ code: each, path, line }) => [each, path, line]);

describe("FHIR in XML", () => {
  it("is the same resource in JSON", () => {
    const json = fhirFromXml(xml);
    expect(json).toContain('"valueDecimal":1.50');
    expect(JSON.parse(json)).toEqual({
      resourceType: "Patient", id: "p1",
      text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Ada &amp; <b>co</b></p></div>' },
      contained: [{ resourceType: "Organization", id: "o", name: "North" }],
      extension: [{ url: "urn:x", valueDecimal: 1.5 }],
      name: [{ id: "n", given: ["Ada", null], _given: [null, { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unknown" }] }] }],
      birthDate: "1980-02-03", _birthDate: { id: "b" }, deceasedBoolean: false, multipleBirthInteger: 2,
      managingOrganization: { reference: "#o" },
    });
    const again = fhirToXml(json);
    expect(fhirFromXml(again)).toBe(json);
    expect(again).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${xml.slice(xml.indexOf("<Patient")).replace(/\n\s*/g, "")}`);
  });
  it("is validated at its own lines", () => {
    expect(errors(xml)).toEqual([]);
    expect(errors(xml.replace('"1980-02-03"', '"1980-2-3"'))).toEqual([["FHR-106", "Patient.birthDate", 8]]);
    expect(errors(xml.replace("<deceasedBoolean", "text<deceasedBoolean"))).toEqual([["FHR-170", "Patient", 8]]);
    expect(errors(xml.replace('<id value="p1"/>', '<id value="p1" other="x"/><gone value="1"/>'))).toEqual([["FHR-170", "Patient.id", 3], ["FHR-104", "Patient", 3]]);
    expect(errors(xml.replace('  <id value="p1"/>\n', "").replace("</Patient>", '<id value="p1"/></Patient>')).map(([each]) => each)).toEqual(["FHR-171"]);
    expect(errors(xml.replace('<birthDate id="b" value="1980-02-03"/>', "<birthDate/>"))).toEqual([["FHR-108", "Patient.birthDate", 8]]);
    expect(errors(xml.replace('value="p1"/>', 'value="p1"/><id value="p2"/>'))).toEqual([["FHR-103", "Patient.id", 3]]);
  });
  it("refuses what it would lose", () => {
    expect(code(() => fhirFromXml("<Patient/>"))).toBe("FHR-001");
    expect(code(() => fhirFromXml('<ClinicalDocument xmlns="urn:hl7-org:v3"/>'))).toBe("FHR-001");
    expect(code(() => fhirFromXml(xml.replace("<given", "text<given")))).toBe("FHR-170");
    expect(code(() => fhirToXml('{"resourceType":"Patient","nothing":1}'))).toBe("FHR-104");
    expect(code(() => fhirToXml('{"resourceType":"Nothing"}'))).toBe("FHR-101");
    expect(code(() => fhirToXml('{"resourceType":"Patient","name":["x"]}'))).toBe("FHR-105");
  });
});

describe("any resource", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", "&", "<", ">", '"', "'", "\n", "\t", "\r", "é", "😀", "]]>", "\u0085", "\u2028"), minLength: 1, maxLength: 8 });
  const number = fc.constantFrom("0", "-1", "1.50", "100.000000000000000000001", "1e3", "-0.0");
  const extension = fc.record({ url: fc.constant("urn:x"), valueString: word });
  const beside = fc.record({ id: word, extension: fc.array(extension, { minLength: 1, maxLength: 2 }) }, { requiredKeys: ["extension"] });
  const given = fc.array(fc.tuple(fc.option(word), fc.option(beside)).filter(([value, shadow]) => value !== null || shadow !== null), { minLength: 1, maxLength: 3 });
  const name = fc.tuple(word, given).map(([family, all]) => ({
    family,
    ...(all.some(([value]) => value !== null) && { given: all.map(([value]) => value) }),
    ...(all.some(([, shadow]) => shadow !== null) && { _given: all.map(([, shadow]) => shadow) }),
  }));
  it("comes back from XML as it was, to the last digit and sign", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 2 }), number, fc.boolean(), fc.option(beside), (names, digits, dead, shadow) => {
        const resource = { resourceType: "Patient", extension: [{ url: "urn:n", valueDecimal: "DIGITS" }], name: names, deceasedBoolean: dead, ...(shadow !== null && { _deceasedBoolean: shadow }) };
        const json = JSON.stringify(resource).replace('"DIGITS"', digits);
        expect(fhirFromXml(fhirToXml(json))).toBe(json);
      }),
    );
  });
});

describe("what is answered", () => {
  it("is an OperationOutcome by the validator's own rules", () => {
    const problems = validateFhir('{"resourceType":"Patient","gender":"word"}');
    const outcome = buildOutcome("FLW-110", problems);
    expect(JSON.parse(outcome).issue).toEqual([
      { severity: "error", code: "code-invalid", details: { coding: [{ system: "urn:sluice:code", code: "FHR-111" }] }, diagnostics: "http://hl7.org/fhir/ValueSet/administrative-gender", expression: ["Patient.gender"] },
    ]);
    for (const each of [outcome, buildOutcome("FLW-110", [])]) expect(errors(each)).toEqual([]);
  });
  it("reads a resource a line", () => {
    expect(validateFhirLines('{"resourceType":"Patient"}\n\n{"resourceType":"Patient","active":1}\n').map(({ path, line }) => [path, line])).toEqual([["Patient.active", 3]]);
  });
});
