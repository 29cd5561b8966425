import { describe, expect, it } from "vitest";
import { codeSystem } from "./code-systems.ts";
import { fhir } from "./fhir/index.ts";
import { context, lowered } from "./given.fixture.ts";

const message = (segment: string) => lowered(`MSH|^~\\&|LIS|NS|||20260301||ORU^R01|C77|P|2.5.1\rPID|1||90017734^^^NS^MR||||19800102|F\r${segment}`).trimEnd().split("\r")[2];

describe("codes in the form of their system", () => {
  it.each([
    ["E11.9", "I10"], ["S72.001A", "I10"], ["I10", "I10"], ["C7A.00", "I10"], ["T40.1X1A", "I10"], ["D47.Z1", "I10"], ["F32.A", "I10"], ["W85.XXXA", "I10"],
    ["0DTJ4ZZ", "I10P"], ["B2111ZZ", "I10P"], ["10E0XZZ", "I10P"],
  ])("%s of %s", (code, system) => expect(codeSystem(code, system)).toBe(system));
  it.each([
    ["M123456", "I10"], ["J10.JANE", "I10"], ["R18.VERA", "I10"], ["RAMSEYS", "I10P"], ["ANDREWS", "I10P"], ["GARRETT", "I10P"], ["JANE111", "I10P"], ["KIM", "MVX"], ["LEE", "MVX"], ["LEE", "HL70227"],
  ])("%s is none of %s", (code, system) => expect(codeSystem(code, system)).toBeUndefined());
});

describe("codes of drugs stand where a drug does", () => {
  const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
  const rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
  it("in HL7 v2", () => {
    expect(message("RXA|0|1|20260301||16175559876^^NDC|1")).toBe("RXA|0|1|2026||16175559876^^NDC|1");
    expect(message("AL1|1||7980^^RXNORM")).toBe("AL1|1||7980^^RXNORM");
    expect(message("OBX|1|CWE|2345-7^^LN||16175559876^^NDC~5559876^^RXNORM~KIM^^MVX")).toBe("OBX|1||2345-7^^LN");
    expect(message("DG1|1||5559876^^RXNORM")).toBeUndefined();
    expect(message("OBX|1|NM|5559876^^RXNORM||5")).toBeUndefined();
  });
  it("in FHIR", () => {
    const lower = (resource: object) => fhir.deidentify(JSON.stringify({ status: "active", ...resource }), context());
    expect(lower({ resourceType: "MedicationRequest", intent: "order", medicationCodeableConcept: coded(rxnorm, "7980"), subject: { reference: "Patient/77" } })).toContain("7980");
    const observation = { resourceType: "Observation", status: "final", code: coded("http://loinc.org", "2345-7") };
    expect(lower({ ...observation, valueCodeableConcept: coded(rxnorm, "5559876") })).not.toContain("5559876");
    // An observation without its code is none.
    expect(() => lower({ ...observation, code: coded(rxnorm, "5559876"), valueInteger: 5 })).toThrow("PHI-230");
    expect(lower({ resourceType: "Condition", id: "c", code: coded("http://hl7.org/fhir/sid/ndc", "16175559876"), subject: { reference: "Patient/77" } })).not.toContain("16175559876");
  });
});
