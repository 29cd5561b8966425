import { describe, expect, it } from "vitest";
import { parseHl7 } from "../../codec/index.ts";
import type { DeidentifySpec } from "../../config/project.ts";
import { fhir } from "./fhir/index.ts";
import { context, lowered } from "./given.fixture.ts";
import { countryIn, stateIn, town } from "./places.ts";

const spec: DeidentifySpec = { method: "limited-data-set", dates: "keep", ids: "surrogate" };
const message = (address: string, name = "Lee^Kim") => `MSH|^~\\&|LIS|NS|||20260301||ADT^A04|C77|P|2.5.1\rPID|1||90017734^^^NS^MR||${name}||19800102|F|||${address}`;
const inHl7 = (address: string, given: DeidentifySpec = spec) => parseHl7(lowered(message(address), { spec: given })).all("PID")[0]?.getRaw(11) ?? "";
const inFhir = (address: object) => fhir.deidentify(JSON.stringify({ resourceType: "Patient", address: [address] }), context({ spec }));

describe("towns", () => {
  it.each(["Millbrook", "St. Louis", "Winston-Salem", "Coeur d'Alene", "Doña Ana", "Federal Way", "O’Fallon", "Colorado Springs", "Lake Station"])("%s is one", (name) => expect(town(name)).toBe(name));
  it.each(["Elm Street Apt Nine", "12 Elm", "co Tomas Rivera", "c/o Tomas Rivera", "Elm St", "Elm St.", "PO Box Nine", "Attn Tomas Rivera", "Care of Rivera", "Unit B", "x".repeat(41), "", "Jane, Rivera", "Millbrook 02139"])("%s is none", (name) =>
    expect(town(name)).toBeUndefined(),
  );
});

describe("a limited data set", () => {
  it("keeps a town, a state of the list and its ZIP code, in both formats", () => {
    expect(inHl7("12 Elm^^Millbrook^MA^02139^USA")).toBe("^^Millbrook^MA^02139^USA");
    expect(inHl7("12 Elm^^Millbrook^Massachusetts^02139")).toBe("^^Millbrook^MA^02139");
    expect(inFhir({ line: ["12 Elm"], city: "Millbrook", state: "Massachusetts", postalCode: "02139", country: "USA" })).toContain('"address":[{"city":"Millbrook","country":"US","postalCode":"02139","state":"MA"}]');
  });
  it("keeps no other words in their place", () => {
    expect(inHl7("12 Elm^^co Tomas Rivera^Elm Street Apt Nine^02139")).toBe("");
    expect(inFhir({ city: "co Tomas Rivera", state: "Elm Street Apt Nine", postalCode: "02139", country: "US" })).not.toMatch(/Rivera|Elm|02139/);
    expect(inHl7("12 Elm^^Berlin^Berlin^10115^DE")).toBe("^^Berlin^^^DE");
  });
  it("keeps no name of a person of the message for a town", () => {
    for (const name of ["Rivera", "Tomas", "Tomas Rivera", "RIVERA", "Tomas Q Rivera", "Q. Rivera", "Rivera-Tomas"]) {
      const nextOfKin = `${message(`12 Elm^^${name}^MA^02139`)}\rNK1|1|Rivera^Tomas|SPO`;
      expect(lowered(nextOfKin, { spec }), name).toContain("|^^^MA^02139");
      expect(fhir.deidentify(JSON.stringify({ resourceType: "Patient", contact: [{ name: { family: "Rivera", given: ["Tomas"] } }], address: [{ city: name, state: "MA" }] }), context({ spec })), name).toContain('"address":[{"state":"MA"}]');
    }
    expect(lowered(`${message("12 Elm^^San Jose^CA^95112")}\rPV1|1|O|||||77^Jose^Maria`, { spec })).toContain("^^San Jose^CA");
  });
});

it("Safe Harbor keeps the state, by its letters or its name", () => {
  expect(inHl7("12 Elm^^Millbrook^massachusetts^02139^US", { ...spec, method: "safe-harbor", dates: "year" })).toBe("^^^MA^021^US");
  expect([stateIn("GU"), stateIn("guam"), stateIn("Elm"), countryIn("can"), countryIn("usa"), countryIn("XX1"), countryIn("Elm")]).toEqual(["GU", "GU", undefined, "CA", "US", undefined, undefined]);
});
