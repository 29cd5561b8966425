import { describe, expect, it } from "vitest";
import { insideModules } from "../../../sandbox/load.ts";
import { parsePath } from "../path.ts";
import { componentsOf, faultOf, fieldCount, fieldOf, segmentName, segmentsOf, versions } from "./index.ts";
import { definitionOf, namesOf } from "./table.ts";

describe("the table of HL7 v2", () => {
  it("says what each version has", () => {
    expect(versions[0]).toBe("2.1");
    expect(versions.at(-1)).toBe("2.8");
    expect(segmentName("PID")).toBe("Patient Identification");
    expect(fieldOf("2.5.1", "PID", 5)).toMatchObject({ name: "Patient Name", type: "XPN", repeats: true });
    expect(fieldOf("2.1", "PID", 5)).toMatchObject({ type: "PN", repeats: false });
    expect(fieldOf("2.5.1", "PID", 7)).toMatchObject({ name: "Date/Time of Birth", type: "TS" });
    expect(fieldOf("2.8", "PID", 7)).toMatchObject({ name: "Date/Time of Birth", type: "DTM" });
    expect([fieldCount("2.3", "PID"), fieldCount("2.5.1", "PID"), fieldCount("2.5", "OBX"), fieldCount("2.5.1", "OBX"), fieldCount(undefined, "PID")]).toEqual([30, 39, 19, 25, 40]);
    expect(fieldOf("2.3", "PID", 31)).toBeUndefined();
    expect(fieldOf("2.8", "OBX", 5)?.type).toBe("VARIES");
    expect(componentsOf("XPN", "2.5.1").slice(0, 2).map(({ name }) => name)).toEqual(["Family Name", "Given Name"]);
    expect([componentsOf("XPN", "2.3").length, componentsOf("XPN", "2.5").length, componentsOf("ST").length, componentsOf("NO_TYPE").length]).toEqual([8, 14, 0, 0]);
    expect(segmentsOf("2.1")).not.toContain("SPM");
    expect(segmentsOf("2.5.1")).toContain("SPM");
    expect([fieldCount("2.5.1", "SPM"), fieldCount("2.2", "SPM"), fieldCount(undefined, "XYZ")]).toEqual([29, undefined, undefined]);
    expect(fieldCount(undefined, "toString")).toBeUndefined();
  });
  it("reads a version it does not know by the one before, and no version as any", () => {
    expect(fieldCount("2.9", "PID")).toBe(fieldCount("2.8", "PID"));
    expect(fieldCount("2.3.2", "PID")).toBe(fieldCount("2.3.1", "PID"));
    expect(fieldCount("3.0", "PID")).toBe(40);
  });
  it("is whole: each part has a name, each type of a part is one of the table", () => {
    const known = new Set(namesOf("types"));
    const odd: string[] = [];
    for (const kind of ["segments", "types"] as const) {
      for (const name of namesOf(kind)) {
        const definition = definitionOf(kind, name);
        if (definition === undefined || definition.first > definition.last || definition.last >= versions.length) odd.push(name);
        for (const [at, runs] of (definition?.parts ?? []).entries()) {
          for (const run of runs) if (run.name === "" || !known.has(run.type) || run.first > run.last) odd.push(`${name}-${at + 1} ${run.type}`);
        }
      }
    }
    expect(odd).toEqual([]);
  });
  it("is not linked into the isolate", () => {
    expect(insideModules().filter(({ name }) => name.includes("dictionary"))).toEqual([]);
  });
});

describe("a path against a version", () => {
  const fault = (path: string, version?: string) => faultOf(parsePath(path), version);
  it("is at fault past what the version defines", () => {
    expect(fault("PID-40", "2.5.1")).toEqual({ at: "field", most: 39, of: "PID" });
    expect(fault("PID-40")).toBeUndefined();
    expect(fault("PID-5.16", "2.5.1")).toMatchObject({ at: "component", of: "Patient Name" });
    expect(fault("PID-5.1.9", "2.5.1")).toMatchObject({ at: "subcomponent", of: "Family Name" });
    expect(fault("PID-25.2", "2.5.1")).toMatchObject({ at: "component" });
    expect(fault("PV1-44[2]", "2.5.1")).toMatchObject({ at: "repetition" });
    expect(fault("SPM-1", "2.3")).toMatchObject({ at: "segment" });
    expect(fault("PDI-5")).toMatchObject({ at: "segment", near: expect.arrayContaining(["PID"]) });
  });
  it("is not at fault where the standard or a site leaves it open", () => {
    for (const path of ["ZPI-99.9.9", "OBX-5.17.3", "QPD-20", "RDT-30", "PID-5.1.2", "PID-3[7].4.2", "MSH-9.3", "OBX[3]-5[2]"]) expect(fault(path, "2.5.1")).toBeUndefined();
  });
});
