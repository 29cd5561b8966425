import fc from "fast-check";
import { expect, test } from "vitest";
import { differences } from "./difference.ts";
import { readTree } from "./index.ts";

const hl7 = (...segments: string[]) => readTree("hl7v2", `MSH|^~\\&|A|B|C|D|20260301||ADT^A01|1|P|2.5\r${segments.join("\r")}\r`).leaves();

test("HL7 v2 by path: changed, added, taken away", () => {
  expect(differences(hl7("PID|1||7^^^X", "PV1|1"), hl7("PID|1||8^^^X~9", "ZID|q"))).toEqual([
    { path: "PID-3.1", before: "7", after: "8" },
    { path: "PID-3[2]", after: "9" },
    { path: "ZID-1", after: "q" },
    { path: "PV1-1", before: "1" },
  ]);
});

test("JSON by pointer", () => {
  const leaves = (value: unknown) => readTree("json", JSON.stringify(value)).leaves();
  expect(differences(leaves({ a: 1, b: [true] }), leaves({ a: 2, b: [true, "x"] }))).toEqual([
    { path: "/a", before: "1", after: "2" },
    { path: "/b/1", after: "x" },
  ]);
});

test("a message does not differ from itself, and what differs one way differs the other", () => {
  const leaves = (value: unknown) => [...readTree("json", JSON.stringify(value)).leaves()];
  // The strict reader refuses keys of these names wherever they stand.
  const values = fc.jsonValue().filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(values, values, (one, other) => {
      expect(differences(leaves(one), leaves(one))).toEqual([]);
      const paths = (found: ReturnType<typeof differences>) => found.map(({ path }) => path).toSorted();
      expect(paths(differences(leaves(one), leaves(other)))).toEqual(paths(differences(leaves(other), leaves(one))));
    }),
    { numRuns: 200 },
  );
});
