import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHl7 } from "../message.ts";
import type { FieldRule, Hl7Profile, SegmentRule } from "../profile.ts";
import { arrange } from "./arrange.ts";
import { checkHl7 } from "./index.ts";
import { hasForm } from "./primitive.ts";
import { structureFor, structureIds } from "./structures.ts";

const header = (type: string, version = "2.5.1") => `MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20260105081500||${type}|L77|P|${version}`;
const lab = (...rest: string[]) => [header("ORU^R01^ORU_R01"), "PID|1||A1^^^NORTH^MR||ROE^RITA||19800203|F", "OBR|1||F1|718-7^Hemoglobin^LN", ...rest].join("\r");
const found = (text: string, profile?: Hl7Profile) => checkHl7(parseHl7(text), profile).filter(({ severity }) => severity === "error").map(({ code, path, line, standard }) => `${code} ${path} ${line} ${standard}`);

describe("the strict reading", () => {
  it("finds nothing wrong with a sound message", () => {
    expect(found(lab("OBX|1|NM|718-7^Hemoglobin^LN||13.5|g/dL|12-16|N|||F", "NTE|1||fasting", "ZLB|1|anything^at&all~goes"))).toEqual([]);
    expect(found(`${header("ADT^A01", "2.3")}\rEVN|A01|20260105\rPID|1||A1||ROE^RITA\rPV1|1|I`)).toEqual([]);
    expect(found(`${header("ACK")}\rMSA|AA|L77`)).toEqual(found(`${header("ACK^R01^ACK")}\rMSA|AA|L77`));
  });
  it("tells missing, strange and repeated segments, and those out of order", () => {
    expect(found(`${header("ADT^A01^ADT_A01")}\rEVN||20260105\rPV1|1|I`)).toEqual(["HL7-402 PID 3 100"]);
    expect(found(`${header("ADT^A01^ADT_A01")}\rEVN||20260105\rPV1|1|I\rPID|1||A1||ROE`)).toEqual(["HL7-403 PID 4 100"]);
    expect(found(`${header("ADT^A01^ADT_A01")}\rEVN||20260105\rPID|1||A1||ROE\rPV1|1|I\rPV1|2|I`)).toEqual(["HL7-404 PV1[2] 5 198"]);
    expect(found(`${header("ADT^A01^ADT_A01")}\rEVN||20260105\rPID|1||A1||ROE\rNTE|1\rPV1|1|I`)).toEqual(["HL7-403 NTE 4 100"]);
    expect(found(lab("OBX|1|ST|1||a||||||F", "QQQ|1"))).toEqual(["HL7-401 QQQ 5 100"]);
    expect(found(`${header("ORU^R01^ORU_R01")}\rPID|1||A1||ROE\rOBX|1|ST|1||a||||||F`)).toEqual(["HL7-402 OBR 3 100"]);
  });
  it("tells required, repeated, ill-formed, unknown, long and surplus pieces", () => {
    expect(found(lab("OBX|1|NM|||x||||||F"))).toEqual(["HL7-405 OBX-3 4 101", "HL7-407 OBX-5 4 102"]);
    expect(found(lab("OBX|1||718-7||x||||||Q"))).toEqual(["HL7-405 OBX-2 4 101", "HL7-408 OBX-11 4 103"]);
    expect(found(lab().replace("19800203", "19800230"))).toEqual(["HL7-407 PID-7.1 2 102"]);
    expect(found(lab().replace("ROE^RITA||", "ROE^RITA||~"))).toEqual(["HL7-406 PID-7[2] 2 198"]);
    expect(found(lab().replace("|F\r", `${"|F".padEnd(40, "F")}\r`))).toEqual(["HL7-409 PID-8 2 104"]);
    expect(found(lab().replace("L77|P", "L77|P^T^X"))).toEqual(["HL7-409 MSH-11 1 104", "HL7-410 MSH-11.3 1 102"]);
    expect(found(lab(`OBX|1|ST|1||a||||||F${"|".repeat(25)}late`))).toEqual(["HL7-410 OBX-36 4 102"]);
  });
  it("tells what a header lacks, and still reads the rest", () => {
    expect(found("MSH|^~\\&|LAB||||20260105||||P|\rPID|1")).toEqual(["HL7-203 MSH-9 1 101", "HL7-204 MSH-10 1 101", "HL7-205 MSH-12 1 101", "HL7-405 PID-3 2 101", "HL7-405 PID-5 2 101"]);
    expect(found(`${header("XYZ^Q99")}`)).toEqual(["HL7-408 MSH-9.1 1 103", "HL7-408 MSH-9.2 1 103", "HL7-411 MSH-9 1 200"]);
    expect(found(`${header("ACK", "3.0")}\rMSA|AA|1`).filter((each) => each.includes("412"))).toEqual(["HL7-412 MSH-12 1 203"]);
    expect(found(`${header("ZZZ^Z01")}\rZZ1|1`)).toEqual([]);
  });
  it("reads every message of a batch by its own version", () => {
    const old = `${header("ADT^A01", "2.3")}\rEVN|A01|20260105\rPID|1||A1||ROE^RITA\rPV1|1|I\r`;
    expect(found(`FHS|^~\\&|A\rBHS|^~\\&|A\r${old}${old.replace("2.3", "2.5.1").replace("EVN|A01|", "EVN|A01||")}BTS|2\rFTS|1`)).toEqual(["HL7-405 EVN[2]-2 8 101"]);
  });
});

describe("forms of values", () => {
  it.each([
    ["DT", ["2026", "202601", "20240229"], ["20230229", "202613", "2026-01-01", "20260"]],
    ["TM", ["08", "0815", "081530.1234+0100"], ["24", "8", "0860", "081530.12345", "08+2500"]],
    ["DTM", ["2026", "202601050815", "20260105081530.1-0500", "2026+0000"], ["2026010524", "20260105081", "202601T05", "2026010108153060"]],
    ["NM", ["1", "-1.50", "+.5", "007"], ["", "1e5", "1,5", "<5", "."]],
    ["SI", ["0", "12"], ["-1", "1.0", "a"]],
  ])("%s", (type, well, ill) => {
    expect([well.filter((value) => !hasForm(type, value)), ill.filter((value) => hasForm(type, value))]).toEqual([[], []]);
  });
});

describe("groups", () => {
  it("puts results under their orders, and a new order beside the one before it rather than among its prior results", () => {
    const names = "MSH PID ORC OBR NTE OBX NTE OBX SPM OBX ORC OBR OBX".split(" ");
    const { root, faults } = arrange(names, structureFor("2.5.1", "ORU", "R01") as never);
    expect(faults).toEqual([]);
    expect(JSON.stringify(root, (_, value) => (typeof value === "object" && "name" in value ? { [value.name]: value.items } : value))).toBe(
      '{"ORU_R01":[0,{"PATIENT_RESULT":[{"PATIENT":[1]},{"ORDER_OBSERVATION":[2,3,4,{"OBSERVATION":[5,6]},{"OBSERVATION":[7]},{"SPECIMEN":[8,9]}]},{"ORDER_OBSERVATION":[10,11,{"OBSERVATION":[12]}]}]}]}',
    );
    const orders = arrange("MSH PID ORC OBR ORC OBR ORC OBR".split(" "), structureFor("2.5.1", "OML", "O21") as never);
    expect([orders.faults, orders.root.items.length]).toEqual([[], 5]);
  });
  it("knows all structures by their events, and never loses a segment whatever the order", () => {
    for (const [type, id] of [["ADT^A08", "ADT_A01"], ["ADT^A28", "ADT_A05"], ["SIU^S15", "SIU_S12"], ["MDM^T02", "MDM_T02"], ["VXU^V04", "VXU_V04"], ["ORM^O01", "ORM_O01"], ["RDE^O11", "RDE_O11"]] as const) {
      const [code, trigger] = type.split("^") as [string, string];
      expect(structureFor("2.5.1", code, trigger)?.id).toBe(id);
    }
    const ids = structureIds().filter((id) => structureFor("2.5.1", "", "", id) !== undefined);
    expect(ids.length).toBeGreaterThan(180);
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.array(fc.nat(40), { maxLength: 30 }), (id, picks) => {
        const structure = structureFor("2.5.1", "", "", id) as NonNullable<ReturnType<typeof structureFor>>;
        const all = [...structure.segments, "ZZZ", "QQQ"];
        const names = ["MSH", ...picks.map((n) => all[n % all.length] as string)];
        const flat = (items: readonly unknown[]): unknown[] => items.flatMap((item) => (typeof item === "number" ? [item] : flat((item as { items: unknown[] }).items)));
        expect(flat(arrange(names, structure).root.items)).toEqual(names.map((_, i) => i));
      }),
    );
  });
});

describe("a profile", () => {
  const profile = (segments: Record<string, SegmentRule>, fields: Record<string, FieldRule> = {}, tables: Record<string, readonly string[]> = {}): Hl7Profile => ({
    name: "north",
    segments,
    fields,
    tables,
    relax: [],
  });
  it("declares segments of the site, where they stand and how often", () => {
    const own = profile({ ZPT: { after: "PID", cardinality: { min: 1, max: 1 } } }, { "ZPT-1": { type: "SI", usage: "R" }, "ZPT-2": { type: "CWE", table: "species", length: 8 } }, { species: ["DOG", "CAT"] });
    const withPet = (...lines: string[]) => lab().replace("\rOBR", `\r${lines.join("\r")}\rOBR`);
    expect(found(withPet("ZPT|1|DOG^Dog"), own)).toEqual([]);
    expect(found(lab(), own)).toEqual(["HL7-402 ZPT 2 100"]);
    expect(found(withPet("ZPT|1|DOG", "ZPT|2|CAT"), own)).toEqual(["HL7-404 ZPT[2] 4 198"]);
    expect(found(`${lab()}\rZPT|x|COW^Cow^Cattle`, own)).toEqual(["HL7-402 ZPT 2 100", "HL7-403 ZPT 4 100", "HL7-407 ZPT-1 4 102", "HL7-409 ZPT-2 4 104", "HL7-408 ZPT-2 4 103"]);
  });
  it("narrows the standard's own segments and fields", () => {
    const own = profile({ NTE: { usage: "X" } }, { "PID-8": { usage: "R", table: "0001" }, "PID-3.5": { usage: "R" }, "PID-3": { cardinality: { min: 1, max: 1 } }, "PID-19": { usage: "X" } });
    expect(found(lab(), own)).toEqual([]);
    expect(found(`${lab()}\rNTE|1`, { ...own, relax: ["HL7-413"] })).toEqual([]);
    expect(found(`${lab().replace("|F\r", "|Q\r").replace("^^^NORTH^MR", "~A2")}\rNTE|1`, own)).toEqual(["HL7-408 PID-8 2 103", "HL7-405 PID-3.5 2 101", "HL7-405 PID-3[2].5 2 101", "HL7-406 PID-3 2 198", "HL7-413 NTE 4 199"]);
  });
  describe("states whole messages", () => {
    const shape = "MSH PID ZPT[1..2] VISIT?(PV1 PV2?) ORDER[1..2](<OBR|RXO> NTE? RESULT[2..*](OBX NTE*)) ZZZ?";
    const own = { ...profile({ ZLG: {}, ZAF: { after: "NTE" } }), structures: { "ORU^R01": shape } };
    const msh = header("ORU^R01^ORU_R01");
    const pid = "PID|1||A1||ROE^RITA";
    const obr = "OBR|1||F1|718-7^Hemoglobin^LN";
    const obx = "OBX|1|NM|718-7^Hb^LN||7||||||F";
    const of = (...lines: string[]) => found([msh, ...lines].join("\r"), own);

    it("and takes what fits them, with the site's own segments in their places", () => {
      expect(of(pid, "ZPT|1", obr, obx, obx)).toEqual([]);
      expect(of(pid, "ZPT|1", "ZPT|2", "PV1|1|I", obr, "NTE|1", "ZAF|1", obx, "NTE|1", obx, "NTE|1", "NTE|2", obr, obx, obx, obx, "ZZZ|1")).toEqual([]);
      // A segment that the profile lets stand anywhere stays free.
      expect(of(pid, "ZLG|1", "ZPT|1", obr, obx, "ZLG|2", obx)).toEqual([]);
    });
    it("and tells what is missing, too often, out of place or strange, by code and line", () => {
      expect(of(pid, obr, obx, obx)).toEqual(["HL7-402 ZPT 3 100"]);
      expect(of(pid, "ZPT|1", "ZPT|2", "ZPT|3", obr, obx, obx)).toEqual(["HL7-404 ZPT[3] 5 198"]);
      expect(of(pid, "ZPT|1", obr, obx)).toEqual(["HL7-402 OBX 5 100"]);
      expect(of(pid, "ZPT|1", obr, obx, obr, obx, obx)).toEqual(["HL7-402 OBX 6 100"]);
      expect(of(pid, "ZPT|1", obr, obx, obx, obr, obx, obx, obr, obx, obx)).toEqual(["HL7-404 OBR[3] 10 198"]);
      expect(of(pid, "ZPT|1", obr, "NTE|1", "NTE|2", obx, obx)).toEqual(["HL7-402 OBX 6 100"]);
      expect(of(pid, "ZPT|1", obr, obx, obx, "PV1|1|I")).toEqual(["HL7-403 PV1 7 100"]);
      expect(of(pid, "ZPT|1", obr, obx, obx, "ZQQ|1")).toEqual(["HL7-403 ZQQ 7 100"]);
      expect(of(pid, "ZZZ|1", "ZPT|1", obr, obx, obx)).toEqual(["HL7-403 ZPT 4 100", "HL7-403 OBR 5 100", "HL7-403 OBX 6 100", "HL7-404 OBX[2] 7 198"]);
    });
    it("by type and trigger, by id of the structure, and for messages of the site", () => {
      const short = { ...profile({}), structures: { ORU_R01: "MSH PID", "ZPM^Z01": "MSH ZPM+" } };
      expect(found(`${msh}\r${pid}`, short)).toEqual([]);
      expect(found(`${header("ORU^R01")}\r${pid}`, short)).toEqual([]);
      expect(found(`${header("ZPM^Z01")}\rZPM|1\rZPM|2`, short)).toEqual([]);
      expect(found(header("ZPM^Z01"), short)).toEqual(["HL7-402 ZPM 1 100"]);
      // Another message keeps the structure of the standard.
      expect(found(`${header("ADT^A01^ADT_A01")}\rEVN||20260105\r${pid}`, short)).toEqual(["HL7-402 PV1 3 100"]);
    });
    it("and a segment that the version of the message lacks is known where they have it", () => {
      const later = { ...profile({}), structures: { "ORU^R01": "MSH PID OBR OBX+ SPM" } };
      const text = [header("ORU^R01", "2.3"), pid, obr, "OBX|1|NM|718-7^Hb^LN||7||||||F", "SPM|1"].join("\r");
      expect(found(text, later)).toEqual(["HL7-405 OBR-27 3 101"]);
      expect(found(text)).toContain("HL7-401 SPM 5 100");
    });
  });
});
