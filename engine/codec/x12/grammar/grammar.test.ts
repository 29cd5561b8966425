import { describe, expect, it } from "vitest";
import { insideModules } from "../../../sandbox/load.ts";
import { compositeDefinition, elementDefinition, type Loop, nameOf, type SegmentUse, segmentDefinition, segmentIds, transactionFor, transactions } from "./index.ts";

const walk = (loop: Loop): (Loop | SegmentUse)[] => [loop, ...loop.children.flatMap((child) => (child.kind === "loop" ? walk(child) : [child]))];
const loopOf = (convention: string, id: string, loop: string) => {
  const all = walk(transactionFor({ id, convention })?.root ?? { kind: "loop", id: "", name: "", usage: "R", max: 1, position: 0, children: [] });
  return all.filter((each) => each.kind === "loop").find((each) => each.id === loop);
};

describe("the definitions", () => {
  it("name the elements of a segment, by version", () => {
    expect(segmentDefinition("005010", "NM1")?.elements[2]).toEqual({ number: "1035", usage: "X", repeat: 1 });
    expect(segmentDefinition("005010", "NM1")?.notes).toContainEqual({ kind: "P", elements: [8, 9] });
    expect([segmentDefinition("005010", "NM1")?.elements.length, segmentDefinition("004010", "NM1")?.elements.length]).toEqual([12, 11]);
    expect(elementDefinition("005010", "1035")).toEqual({ number: "1035", name: "Name last or organization", type: "AN", min: 1, max: 60 });
    expect(elementDefinition("004010", "1035")?.max).toBe(35);
    expect(elementDefinition("005010", "1033")?.codes).toEqual(["CO", "CR", "OA", "PI", "PR"]);
    expect(segmentDefinition("005010", "EB")?.elements[2]?.repeat).toBe(99);
    expect(compositeDefinition("005010", "C023")?.components.map(({ number }) => number)).toEqual(["1331", "1332", "1325"]);
    expect([nameOf("005010", "CLM", 5), nameOf("005010", "CLM", 5, 3), nameOf("005010", "NM1", 3), nameOf("005010", "NM1", 99)]).toEqual([
      "Facility, kind and frequency of the bill",
      "Claim frequency",
      "Name last or organization",
      undefined,
    ]);
    for (const name of ["toString", "ZZZ", ""]) expect(segmentDefinition("005010", name)).toBeUndefined();
  });
  it("are whole: each part is an element or a composite, each note speaks of parts that are there", () => {
    const odd: string[] = [];
    for (const version of ["005010", "004010"]) {
      for (const id of segmentIds(version)) {
        const found = segmentDefinition(version, id);
        for (const { number } of found?.elements ?? []) {
          const inner = compositeDefinition(version, number)?.components.map((each) => each.number) ?? [number];
          for (const each of inner) if (!((elementDefinition(version, each)?.max ?? 0) >= (elementDefinition(version, each)?.min ?? 1))) odd.push(`${version} ${id} ${each}`);
        }
        for (const { elements } of found?.notes ?? []) if (elements.length < 2 || Math.max(...elements) > (found?.elements.length ?? 0)) odd.push(`${version} ${id} note`);
      }
    }
    expect(odd).toEqual([]);
  });
});

describe("the transaction sets", () => {
  it("are whole: a loop begins with a segment, each segment and element is defined, what chooses between uses differs", () => {
    const odd: string[] = [];
    for (const { key, version, root } of transactions()) {
      for (const each of walk(root)) {
        if (!/^[RSN]$/.test(each.usage) || !(each.max >= 1) || each.name === "") odd.push(`${key} ${each.id} ${each.name}`);
        if (each.kind === "loop") {
          if (each.children[0]?.kind !== "segment" || each.children[0].usage !== "R" || each.children[0].max !== 1) odd.push(`${key} ${each.id} begins`);
          continue;
        }
        const found = segmentDefinition(version, each.id);
        if (found === undefined) odd.push(`${key} ${each.id}`);
        for (const { element, component } of each.elements) {
          const part = found?.elements[element - 1];
          const inner = component === 0 ? part : compositeDefinition(version, part?.number ?? "")?.components[component - 1];
          if (inner === undefined) odd.push(`${key} ${each.id} ${element}-${component}`);
        }
      }
    }
    expect(odd).toEqual([]);
  });
  it("are found by what the header says", () => {
    expect(transactionFor({ id: "270", convention: "005010X279A1" })?.key).toBe("270");
    expect(transactionFor({ id: "270", convention: "005010X279" })?.key).toBe("270");
    expect(transactionFor({ id: "270", convention: "005010" })?.key).toBe("270");
    expect(transactionFor({ id: "837", convention: "005010X223A2" })?.key).toBe("837I");
    expect(transactionFor({ id: "837", convention: "004010X098" })?.key).toBe("837P-4010");
    expect(transactionFor({ id: "837", convention: "005010" })).toBeUndefined();
    expect(transactionFor({ id: "277", convention: "005010X214" })?.key).toBe("277CA");
    const review = (code?: string) => transactionFor({ id: "278", convention: "005010X217", value: (segment, element) => (segment === "BHT" && element === 2 ? code : undefined) })?.key;
    expect([review("13"), review("11"), review(), review("99")]).toEqual(["278Q", "278A", "278A", "278A"]);
    expect(transactionFor({ id: "270", convention: "006020X313" })).toBeUndefined();
    expect(transactionFor({ id: "999999" })).toBeUndefined();
  });
  it.each([
    ["837", "005010X222A2", "837P"], ["837", "005010X223A3", "837I"], ["837", "005010X224A2", "837D"], ["835", "005010X221A1", "835"], ["270", "005010X279A1", "270"], ["271", "005010X279A1", "271"],
    ["276", "005010X212", "276"], ["277", "005010X212", "277"], ["277", "005010X214", "277CA"], ["278", "005010X217", "278A"], ["834", "005010X220A1", "834"], ["999", "005010X231A1", "999"],
    // Of version 4010 those that are still exchanged in pairs with a 997, and no others: their structure alone would be a guess.
    ["834", "004010X095A1", "834-4010"], ["837", "004010X098A1", "837P-4010"], ["837", "004010X096A1", "837I-4010"], ["835", "004010X091A1", "835-4010"], ["278", "004010X094A1", "278A-4010"], ["270", "004010X092A1", "270-4010"], ["997", "004010", "997"],
    ["271", "004010X092A1", undefined], ["276", "004010X093A1", undefined], ["837", "004010X097A1", undefined],
  ])("%s of %s is %s", (id, convention, key) => {
    expect(transactionFor({ id, convention })?.key).toBe(key);
  });
  it("nest their loops, and say what begins each", () => {
    const subscriber = loopOf("005010X279A1", "270", "2100C");
    expect(subscriber?.children[0]).toMatchObject({ id: "NM1", usage: "R", chosenBy: [{ element: 1, component: 0, codes: ["IL"] }] });
    expect(subscriber?.children.filter(({ id }) => id === "2110C")).toMatchObject([{ kind: "loop", usage: "S", max: 99 }]);
    const header = transactionFor({ id: "270", convention: "005010X279A1" })?.root.children ?? [];
    expect(header.map(({ id, position }) => `${id} ${position}`)).toEqual(["ST 1", "HEADER 2", "2000A 3", "SE 4"]);
  });
  it("are not linked into the isolate", () => {
    expect(insideModules().filter(({ name }) => /x12.grammar.(?:definitions|transactions|index)/.test(name))).toEqual([]);
  });
});
