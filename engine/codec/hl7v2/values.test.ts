import { expect, test } from "vitest";
import { parseHl7 } from "./index.ts";

const message = (...segments: string[]) => parseHl7(`MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\r${segments.join("\r")}\r`);

test("values of all segments and repetitions, and of one of them", () => {
  const m = message("PID|1||7^^^N~~8^^^S&1.2&ISO", "OBX|1|ST|a||x~y", 'OBX|2|ST|b||""');
  expect(m.values("PID-3")).toEqual(["7", "8"]);
  expect(m.values("PID-3.4")).toEqual(["N", "S"]);
  expect(m.values("PID-3.4.2")).toEqual(["1.2"]);
  expect(m.values("PID-3[3]")).toEqual(["8"]);
  expect(m.values("OBX-5")).toEqual(["x", "y"]);
  expect(m.values("OBX[2]-3")).toEqual(["b"]);
  expect([m.values("MSH-1"), m.values("MSH-2"), m.values("MSH-9.2"), m.values("PID-40")]).toEqual([["|"], ["^~\\&"], ["A01"], []]);
});

test("a field of a hundred thousand repetitions is read in one pass: looked for one by one they would take minutes", () => {
  expect(message(`PID|1||${"7~".repeat(100_000)}8`).values("PID-3.1")).toHaveLength(100_001);
});
