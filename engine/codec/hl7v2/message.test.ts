import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../sdk/error.ts";
import { parseHl7 } from "./index.ts";
import { rebuild, structureOf } from "./structure.ts";

const text = [
  "MSH|^~\\&|LAB|NORTH|EHR|SOUTH|20260105081500||ORU^R01^ORU_R01|L-77|P|2.5.1|||||||UNICODE UTF-8",
  'PID|1||A1^^^NORTH^MR~B2^^^S&9.9&ISO^SS||ROE^RITA^""||19800203|F|||1 Elm \\T\\ Oak St^^X\\H\\Y||""|',
  "OBR|1",
  "OBX|1|NM|718-7^Hgb^LN||13.2|g/dL",
  "OBX|2|TX|N1||line 1\\.br\\line 2 \\X41\\ a\\b",
  "",
].join("\r");

const code = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return codeOf(error, "HL7-999");
  }
  return "nothing thrown";
};

describe("reading", () => {
  const msg = parseHl7(text);
  it("gives decoded leaves; a level not named is its first piece", () => {
    expect(msg.get("PID-5.1")).toBe("ROE");
    expect(msg.get("PID-5")).toBe("ROE");
    expect(msg.get("PID-3[2].4.2")).toBe("9.9");
    expect(msg.get("PID-11")).toBe("1 Elm & Oak St");
    expect(msg.get("OBX[2]-5")).toBe("line 1\\.br\\line 2 A a\\b");
    expect(msg.get("MSH-1")).toBe("|");
    expect(msg.get("MSH-2")).toBe("^~\\&");
    expect(msg.get("MSH-9.2")).toBe("R01");
    expect([msg.type, msg.controlId, msg.version]).toEqual(["ORU^R01", "L-77", "2.5.1"]);
  });
  it("tells null, empty and absent apart", () => {
    expect([msg.get("PID-5.3"), msg.presence("PID-5.3")]).toEqual([null, "null"]);
    expect([msg.get("PID-13"), msg.presence("PID-13")]).toEqual([null, "null"]);
    expect([msg.get("PID-2"), msg.presence("PID-2")]).toEqual(["", "empty"]);
    expect([msg.get("PID-14"), msg.presence("PID-14")]).toEqual(["", "empty"]);
    expect([msg.get("PID-15"), msg.presence("PID-15")]).toEqual(["", "absent"]);
    expect([msg.get("PID-5.9"), msg.presence("ZZZ-1"), msg.presence("PID-3[3]")]).toEqual(["", "absent", "absent"]);
    expect(msg.presence("PID-3")).toBe("value");
  });
  it("gives raw pieces, all segments and all values", () => {
    expect(msg.getRaw("PID-3")).toBe("A1^^^NORTH^MR~B2^^^S&9.9&ISO^SS");
    expect(msg.getRaw("PID-3[2]")).toBe("B2^^^S&9.9&ISO^SS");
    expect(msg.getRaw("PID-3[2].4")).toBe("S&9.9&ISO");
    expect(msg.values("PID-3.1")).toEqual(["A1", "B2"]);
    expect(msg.values("OBX-3")).toEqual(["718-7", "N1"]);
    expect(msg.values("OBX[2]-3")).toEqual(["N1"]);
    expect(msg.all("OBX").map((obx) => [obx.name, obx.index, obx.get("3.1"), obx.get(1)])).toEqual([
      ["OBX", 1, "718-7", "1"],
      ["OBX", 2, "N1", "2"],
    ]);
  });
  it("names every leaf by its shortest path and its place", () => {
    for (const leaf of msg.leaves()) {
      expect(leaf.isNull ? null : leaf.value).toBe(msg.get(leaf.path));
      expect(text.slice(leaf.start, leaf.end)).toBe(msg.getRaw(leaf.path));
    }
    const paths = [...msg.leaves()].map((leaf) => leaf.path);
    expect(paths).toEqual(expect.arrayContaining(["MSH-1", "MSH-2", "PID-1", "PID-3[2].4.3", "PID-5.3", "OBX[2]-5"]));
  });
  it.each(["PID", "PID5", "PID-", "PID-0", "PID.5", "pid-5", "PID-5.", "PID-5.1.1.1", "PID[0]-1", "PID-99999", "PID-5 ", ""])(
    "refuses the path %j",
    (path) => expect(code(() => msg.get(path))).toBe("HL7-101"),
  );
});

describe("editing", () => {
  it("leaves an untouched message alone and changes only the leaf's span", () => {
    expect(parseHl7(text).toString()).toBe(text);
    const msg = parseHl7(text).set("PID-5.1", "A|B^C").set("OBX[2]-5", 7).set("PID-3[2].4.2", null).set("OBR-1", "1");
    expect(msg.toString()).toBe(
      text.replace("ROE", "A\\F\\B\\S\\C").replace("line 1\\.br\\line 2 \\X41\\ a\\b", "7").replace("9.9", '""'),
    );
    expect(msg.get("PID-5.1")).toBe("A|B^C");
  });
  it("adds the delimiters that lead to a place", () => {
    const msg = parseHl7(text).set("OBR-4.2.3", "x").set("PID-3[4].2", "y").set("OBR-9", "");
    expect(msg.toString()).toBe(text.replace("OBR|1", "OBR|1|||^&&x").replace("ISO^SS", "ISO^SS~~^y"));
  });
  it("writes raw text only below its level", () => {
    const msg = parseHl7(text).setRaw("PID-5", "A^B~C^D").setRaw("PID-3[1].4", "N&1&ISO").setRaw("OBX-5", "\\X41\\");
    expect([msg.get("PID-5[2].2"), msg.get("PID-3.4.2"), msg.get("OBX-5")]).toEqual(["D", "1", "A"]);
    for (const [path, raw] of [["PID-5", "a|b"], ["PID-5[1]", "a~b"], ["PID-5.1", "a^b"], ["PID-5.1.1", "a&b"], ["PID-5", "a\rPID"], ["PID-5", "\x1c"]] as const) {
      expect(code(() => msg.setRaw(path, raw))).toBe("HL7-103");
    }
  });
  it("adds and removes segments", () => {
    const msg = parseHl7(text);
    msg.addSegment("NTE", "OBX[2]").set("3", "note");
    msg.addSegment("ZID|1|A^B");
    const first = msg.all("OBX")[0];
    expect(msg.removeSegment("OBR")).toBe(true);
    expect(msg.removeSegment(first ?? "OBX[2]")).toBe(true);
    expect(msg.segments.map((each) => each.name)).toEqual(["MSH", "PID", "OBX", "NTE", "ZID"]);
    expect(msg.toString().endsWith("a\\b\rNTE|||note\rZID|1|A^B\r")).toBe(true);
    for (const bad of ["", "ZZ", "Z I|1", "ZID|1\rOBX", "MSH|^~\\&"]) expect(code(() => msg.addSegment(bad))).toBe("HL7-107");
    expect(code(() => msg.removeSegment("MSH"))).toBe("HL7-106");
    for (const [before, after] of [["MSH|^~\\&|A", "MSH|^~\\&|A\rZZZ"], ["MSH|^~\\&|A\r\nPID|1", "MSH|^~\\&|A\r\nPID|1\r\nZZZ"]] as const) {
      const bare = parseHl7(before);
      bare.addSegment("ZZZ");
      expect(bare.toString()).toBe(after);
    }
  });
  it("escapes what could be read otherwise", () => {
    const msg = parseHl7(text.replace("^~\\&|LAB", "^~\\&#|LAB"));
    msg.set("PID-7", '""').set("PID-8", "#1#").set("OBR-2", "a\nb\x1c");
    expect([msg.get("PID-7"), msg.presence("PID-7"), msg.getRaw("PID-7")]).toEqual(['""', "value", "\\X2222\\"]);
    expect([msg.get("PID-8"), msg.getRaw("PID-8"), msg.getRaw("OBR-2")]).toEqual(["#1#", "#1\\P\\", "a\\X0A\\b\\X1C\\"]);
    expect(parseHl7("MSH|^~\\&|\\XC3A9\\\\XE9\\\\X4\\\\XZZ\\").get("MSH-3")).toBe("éé\\X4\\\\XZZ\\");
  });
  it("refuses what it cannot write", () => {
    const msg = parseHl7(text);
    expect(code(() => msg.set("ZZZ-1", "x"))).toBe("HL7-104");
    expect(code(() => msg.set("MSH-2", "x"))).toBe("HL7-106");
    expect(code(() => msg.set("PID-5", Number.NaN))).toBe("HL7-102");
    expect(code(() => msg.set("PID-5", undefined as never))).toBe("HL7-102");
    expect(code(() => parseHl7("MSH|^~|A").set("MSH-3", "a|b"))).toBe("HL7-105");
    expect(code(() => parseHl7("MSH|^~|A").set("MSH-3.1.2", "a"))).toBe("HL7-105");
    expect(msg.toString()).toBe(text);
  });
});

describe("odd texts", () => {
  it.each([
    ["\uFEFFMSH|^~\\&|A\r\nPID|1\r\n"],
    ["\r\n\r\nMSH|^~\\&|A\n\n\rPID|1|\n"],
    ["MSH|^~\\&"],
    ["MSH|"],
    ["MSH||A^B"],
    ["MSH|^~\\&#|A|B#\rPID"],
    ["MSH$%*!@$A$B\rPID$1$$X%Y*Z!E!W"],
    ["MSH|^~\\&|A\rnot a segment|x\rPID|1\r \rPI\r"],
    ['FHS|^~\\&|F\rBHS|^~\\&\rMSH|^~\\&|A||||||ADT^A01|1\rPID|1||""\rMSH*:;!+*B\rPID*1*A:B\rBTS|2\rFTS|1\r'],
  ])("keeps %j", (odd) => {
    const msg = parseHl7(odd);
    expect(msg.toString()).toBe(odd);
    expect(rebuildsEqual(odd)).toBe(true);
    for (const leaf of msg.leaves()) expect(leaf.isNull ? null : leaf.value).toBe(msg.get(leaf.path));
  });
  it("reads custom delimiters and each message of a batch with its own", () => {
    expect(parseHl7("MSH$%*!@$A$B\rPID$1$$X%Y*Z!E!W").get("PID-3[2]")).toBe("Z!W");
    const batch = parseHl7("BHS|^~\\&|F\rMSH|^~\\&|A\rPID|1\rMSH*:;!+*B\rPID*1*A:B\rBTS*2");
    expect([batch.messages, batch.get("PID[2]-2.2"), batch.get("MSH-3"), batch.get("BHS-3")]).toEqual([2, "B", "A", "F"]);
    expect([...batch.leaves()].map((leaf) => leaf.message)).toContain(2);
    batch.addSegment("ZID*1");
    expect(batch.segments.at(-2)?.name).toBe("ZID");
  });
  it("keeps text without a segment name out of paths", () => {
    const msg = parseHl7("MSH|^~\\&|A\rJane Roe|x");
    expect([...msg.leaves()].map((leaf) => leaf.path)).toEqual(["MSH-1", "MSH-2", "MSH-3", "???-0", "???-1"]);
  });
  it.each([["", "HL7-001"], ["PID|1", "HL7-001"], ["{}", "HL7-001"], ["MSH", "HL7-002"], ["MSHA", "HL7-003"], ["MSH|^^\\&|", "HL7-003"], ["MSH|^~A&|", "HL7-003"]])(
    "refuses %j with %s",
    (bad, expected) => expect(code(() => parseHl7(bad))).toBe(expected),
  );
});

function rebuildsEqual(raw: string): boolean {
  const first = JSON.stringify(structureOf(parseHl7(raw)));
  return first === JSON.stringify(structureOf(parseHl7(rebuild(JSON.parse(first)))));
}

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("|", "^", "~", "\\", "&", "#", '"', "\r", "\n", "X", "0", "D", "E", ".", "a", "é", "\v", "\x1c") }),
);

describe("properties", () => {
  it("reads back any value it wrote and touches no other leaf", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom("PID-5.1", "PID-3[2].4.2", "OBX[2]-5", "OBR-4.2.3", "MSH-10"), fc.constantFrom("^~\\&", "^~\\&#"), (value, path, declared) => {
        const raw = text.replace("^~\\&|LAB", `${declared}|LAB`);
        const before = parseHl7(raw);
        const msg = parseHl7(raw).set(path, value);
        const again = parseHl7(msg.toString());
        expect(again.get(path)).toBe(value);
        expect(again.toString()).toBe(msg.toString());
        const others = (each: typeof msg) => [...each.leaves()].filter((leaf) => leaf.path !== path).map((leaf) => [leaf.path, leaf.value]);
        expect(others(again)).toEqual(others(before));
        const span = [...before.leaves()].find((leaf) => leaf.path === path);
        if (span !== undefined && value !== "") {
          expect(msg.toString().startsWith(raw.slice(0, span.start)) && msg.toString().endsWith(raw.slice(span.end))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
  it("gives back any text and rebuilds an equal tree", () => {
    fc.assert(
      fc.property(hostile, (tail) => {
        const raw = `MSH|^~\\&|${tail}`;
        let msg: ReturnType<typeof parseHl7>;
        try {
          msg = parseHl7(raw);
        } catch {
          return;
        }
        expect(msg.toString()).toBe(raw);
        expect(rebuildsEqual(raw)).toBe(true);
        for (const leaf of msg.leaves()) {
          expect(leaf.isNull ? null : leaf.value).toBe(msg.get(leaf.path));
          expect(msg.getRaw(leaf.path)).toContain(raw.slice(leaf.start, leaf.end));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
