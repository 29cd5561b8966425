import { describe, expect, it } from "vitest";
import { knownProfile, unknownName } from "./shipped.ts";

describe("what lint asks", () => {
  it("knows the elements of resources, with and without their type", () => {
    const known = ["Patient.name.family", "name.given", "_birthDate.extension(x).value", "extension(copay).valueMoney.value", "contact.name.text", "deceased", "deceasedBoolean", "resourceType", "contained.id", "link.other.reference"];
    expect(known.filter((path) => unknownName(path, ["Patient"]) !== undefined)).toEqual([]);
    expect(unknownName("Observation.component.value.code", [])).toBeUndefined();
    expect(unknownName("Questionnaire.item.item.item.linkId", [])).toBeUndefined();
    expect(unknownName("entry.resource.name.family", ["Bundle"])).toBeUndefined();
    expect(unknownName("status", [])).toBeUndefined();
  });
  it("names the first that is not there, and what is", () => {
    const [within, name] = [unknownName("name.famly", ["Patient"])?.within, unknownName("name.famly", ["Patient"])?.name];
    expect([within, name]).toEqual(["HumanName", "famly"]);
    expect(unknownName("name.famly", ["Patient"])?.known).toContain("family");
    expect(unknownName("birthDate.year", ["Patient"])?.within).toBe("a primitive value");
    expect(unknownName("Patient.gendr", [])?.within).toBe("Patient");
    expect(unknownName("gender", ["Appointment", "Slot"])?.within).toBe("Appointment, Slot");
    expect(unknownName("nothing", [])?.within).toBe("any resource");
  });
  it("knows profiles by address and version", () => {
    const usCore = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    expect(["us-core", usCore, `${usCore}|6.1.0`, `${usCore}|7.0.0`, "urn:none"].map(knownProfile)).toEqual([true, true, true, false, false]);
  });
});
