import { describe, expect, it } from "vitest";
import type { DeidentifyContext } from "../context.ts";
import { dataTypes, resources } from "./elements.ts";
import { fhir } from "./index.ts";
import { everyLeaf, hexMint, type Leaf, pathOf, planted } from "./planting.fixture.ts";
import { limitedDataSet, safeHarbor } from "./rows.ts";

const specs = {
  "safe-harbor": { method: "safe-harbor", dates: "year", ids: "surrogate" },
  "limited-data-set": { method: "limited-data-set", dates: "keep", ids: "surrogate" },
} as const;
type Method = keyof typeof specs;

const context = (method: Method): DeidentifyContext => ({ spec: specs[method], owner: "northside", partner: "acme", now: Date.UTC(2026, 10, 22), mint: hexMint });
const leaves = [...everyLeaf()];

/** What is left of a resource; a resource of a type that is removed is refused whole. */
function left(method: Method, resource: unknown): string {
  try {
    return fhir.deidentify(JSON.stringify(resource), context(method));
  } catch (error) {
    expect((error as { code?: string }).code).toBe("PHI-230");
    return "";
  }
}

/** Of what a policy removes whole, one planting at every element is enough. */
const kept = leaves.filter(({ resource }) => safeHarbor.actions.get(resource) !== "rm" || limitedDataSet.actions.get(resource) !== "rm");

/** Where a planted value is still found. */
function survivors(method: Method, value: unknown, sought = String(value), among = kept): string[] {
  return among.filter((leaf) => left(method, planted(leaf, value)).toLowerCase().includes(sought.toLowerCase())).map(pathOf);
}

const types = new Map(leaves.map((leaf) => [pathOf(leaf), leaf.chain.at(-1)?.type ?? ""]));
const typeOf = (path: string): string => types.get(path) ?? "";

describe("every element of FHIR R4", () => {
  it("has a row in both policies", () => {
    const all = [...resources.values(), ...dataTypes.values()].flatMap(({ elements }) => elements.map(({ path }) => path));
    expect(all.length).toBeGreaterThan(5600);
    for (const { actions } of [safeHarbor, limitedDataSet]) expect(all.filter((path) => !actions.has(path))).toEqual([]);
    expect(new Set(leaves.map(({ resource }) => resource)).size).toBe(146);
    expect(leaves.length).toBeGreaterThan(50_000);
  });
  it("a resource whose type is kept is still there, so that an absence means something", () => {
    const kept = [...resources.values()].filter(({ name, abstract }) => !abstract && safeHarbor.actions.get(name) === "walk" && !["Bundle", "Parameters", "OperationOutcome"].includes(name));
    expect(kept.length).toBeGreaterThan(60);
    for (const { name } of kept) expect(left("safe-harbor", { resourceType: name, id: "kept" }), name).toContain(name);
  });
});

describe("Safe Harbor: a value planted at every element", () => {
  it.each([
    ["a number of a record", "QV4711X"],
    ["a social security number", "539-21-4711"],
    ["a street", "4711 Quonset St"],
    ["an id as a reference", "Patient/quonset4711"],
    ["an absolute reference", "http://quonset.example.org/fhir/Patient/quonset4711", "quonset"],
  ])("%s is nowhere", (_, value, sought = value) => expect(survivors("safe-harbor", value, sought)).toEqual([]));
  it("nothing of a resource that is removed", () => {
    expect(survivors("safe-harbor", "Quonsetville", "Quonset", leaves)).toEqual([]);
    expect(survivors("safe-harbor", 471_147, "471147", leaves.filter(({ resource }) => safeHarbor.actions.get(resource) === "rm"))).toEqual([]);
  });
  it("of a date the year is left, and only where a date stands", () => {
    expect(survivors("safe-harbor", "1987-03-21", "03-21")).toEqual([]);
    expect(survivors("safe-harbor", "1987-03-21T10:11:12Z", "10:11")).toEqual([]);
    const years = survivors("safe-harbor", "1987-03-21", "1987");
    expect(years.filter((path) => !["date", "dateTime"].includes(typeOf(path)))).toEqual([]);
    expect(years).toContain("Observation.effectiveDateTime");
    expect(years).toContain("Encounter.period.start");
    expect(years).toContain("Patient.birthDate");
    expect(years).not.toContain("FamilyMemberHistory.bornDate");
  });
  it("a time of day is nowhere", () => expect(survivors("safe-harbor", "10:11:12")).toEqual([]));
  it("a ZIP code is three digits, of a patient's address alone", () => {
    expect(survivors("safe-harbor", "10026")).toEqual([]);
    expect(survivors("safe-harbor", "10026", '"100"')).toEqual(["Patient.address.postalCode"]);
  });
  it("numbers stand where a number is measured", () => {
    const found = survivors("safe-harbor", 471_147);
    expect(found.filter((path) => !["decimal", "integer", "positiveInt", "unsignedInt"].includes(typeOf(path)))).toEqual([]);
    expect(found).not.toContain("Patient.multipleBirthInteger");
    expect(found).not.toContain("Location.position.longitude");
    // Without a code nobody knows what was observed.
    expect(found).not.toContain("Observation.valueQuantity.value");
  });
});

describe("limited data set: a value planted at every element", () => {
  it.each([
    ["a number of a record", "QV4711X", ["Immunization.lotNumber"]],
    ["a name", "Quonsetville", ["Patient.address.city"]],
    ["a street", "4711 Quonset St", []],
    ["a ZIP code", "10026", ["Patient.address.postalCode"]],
  ])("%s stands nowhere but where a limited data set may hold it", (_, value, expected) => expect(survivors("limited-data-set", value)).toEqual(expected));
  it("dates stay, as they are", () => {
    const found = survivors("limited-data-set", "1987-03-21T10:11:12Z");
    expect(found.filter((path) => !["date", "dateTime", "instant"].includes(typeOf(path)))).toEqual([]);
    for (const path of ["Observation.effectiveDateTime", "Appointment.start", "Patient.deceasedDateTime", "Patient.birthDate"]) expect(found).toContain(path);
    expect(found).not.toContain("RelatedPerson.birthDate");
  });
});

describe("what is no element", () => {
  const places = new Map<string, Leaf>();
  for (const leaf of leaves) places.set(`${leaf.resource}/${leaf.chain.slice(0, -1).map(({ path }) => path).join("/")}`, leaf);
  it.each(["quonset", "_status", "resourceType2", "fhir_comments"])("%s is removed at every place", (name) => {
    const found = [...places.values()].filter((leaf) => {
      const last = leaf.chain.at(-1);
      const text = JSON.stringify(planted(leaf, "marker")).replace(`"${last?.name}":`, `"${name}":"Quonsetville","${last?.name}":`);
      return left("safe-harbor", JSON.parse(text)).includes("Quonset") || left("limited-data-set", JSON.parse(text)).includes("Quonset");
    });
    expect(found.map(pathOf)).toEqual([]);
    expect(places.size).toBeGreaterThan(3000);
  });
});
