import { describe, expect, test } from "vitest";
import { codeOf } from "../../sdk/error.ts";
import { buildInterchange, type InterchangeOptions, segmentText } from "./build.ts";
import { parseX12 } from "./index.ts";

const marks = { element: "*", component: ":", repetition: "^", segment: "~" };
const parties = { sender: { qualifier: "ZZ", id: "A" }, receiver: { qualifier: "30", id: "987654321" }, now: Date.UTC(2026, 10, 22, 23, 59) };
const group = { id: "HC", sender: "A", receiver: "B", convention: "005010X222A1" };

describe("an interchange", () => {
  test("has its control numbers and counts", () => {
    const sets = [{ id: "837", convention: "005010X222A1", segments: [["BHT", "0019"], ["NM1", "41"]] as const }, { id: "837", controlNumber: "A0017", segments: [] }];
    const text = buildInterchange({ ...parties, controlNumber: 42, groups: [{ ...group, controlNumber: 7, sets }, { ...group, controlNumber: 8, sets: [] }] });
    expect(text.slice(0, 106)).toBe("ISA*00*          *00*          *ZZ*A              *30*987654321      *261122*2359*^*00501*000000042*0*P*:~");
    expect(text.slice(106)).toBe(
      "GS*HC*A*B*20261122*2359*7*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019~NM1*41~SE*4*0001~ST*837*A0017~SE*2*A0017~GE*2*7~" +
        "GS*HC*A*B*20261122*2359*8*X*005010X222A1~GE*0*8~IEA*2*000000042~",
    );
    expect(parseX12(text).recount().toString()).toBe(text);
  });

  test("takes other delimiters", () => {
    const delimiters = { element: "|", component: ">", repetition: "!", segment: "\u001c" };
    const text = buildInterchange({ ...parties, controlNumber: 1, delimiters, groups: [{ ...group, controlNumber: 1, sets: [{ id: "837", segments: [["HI", ["ABK", "R69"], { repeat: ["a", ["b", "c*"]] }]] }] }] });
    const msg = parseX12(text);
    expect(msg.delimiters).toEqual(delimiters);
    expect(msg.values("HI02-2")).toEqual(["c*"]);
    expect(msg.getRaw("HI02")).toBe("a!b>c*");
  });
});

test("empty elements and components at the end are left out", () => {
  expect(segmentText(["SV1", ["HC", "99213", null, ""], 100.5, "UN", "1", null, ""], marks)).toBe("SV1*HC:99213*100.5*UN*1");
});

describe("what it refuses", () => {
  test.each(["O*BRIEN", "A~B", "1:2", "a^b", "a\nb"])("data with a delimiter: %j", (value) => {
    expect(failing(() => segmentText(["NM1", value], marks))).toBe("X12-103");
    expect(failing(() => segmentText(["NM1", ["a", value]], marks))).toBe("X12-103");
  });

  test.each([
    [{ controlNumber: 0 }, "X12-109"],
    [{ controlNumber: 1_000_000_000 }, "X12-109"],
    [{ sender: { qualifier: "ZZ", id: "sixteen letters!" } }, "X12-109"],
    [{ version: "5010" }, "X12-109"],
    [{ groups: [{ ...group, controlNumber: 1, sets: [{ id: "837", controlNumber: "1", segments: [] }] }] }, "X12-109"],
    [{ version: "00401", groups: [{ ...group, controlNumber: 1, sets: [{ id: "837", segments: [["EQ", { repeat: ["1", "2"] }]] }] }] }, "X12-105"],
  ] as readonly (readonly [Partial<InterchangeOptions>, string])[])("envelope %#", (over, code) => {
    expect(failing(() => buildInterchange({ ...parties, controlNumber: 1, groups: [], ...over }))).toBe(code);
  });
});

function failing(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return codeOf(error, "X12-999");
  }
  return "";
}
