import { expect, test } from "vitest";
import { parseHl7 } from "./message.ts";

/** What is taken of a text, as segment-and-field, components and pieces. */
function taken(text: string, depth = Number.POSITIVE_INFINITY): unknown[] {
  const out: unknown[] = [];
  const rows = new Map<string, readonly { readonly at: string }[]>();
  parseHl7(text).eachRepetition<{ readonly at: string }>({
    rowsOf(segment) {
      if (!rows.has(segment)) rows.set(segment, Array.from({ length: 6 }, (_, field) => ({ at: `${segment}-${field}` })));
      return rows.get(segment) ?? [];
    },
    depthOf: () => depth,
    take: (row, components, pieces) => out.push([row.at, Array.from(components), ...pieces.map(({ component, value }) => `${component}:${value}`)]),
  });
  return out;
}

const head = "MSH|^~\\&|LAB\r";
const ofHead = [["MSH-1", ["|"]], ["MSH-2", ["^~\\&"]], ["MSH-3", ["LAB"]]];

test("fields, repetitions and components, decoded; what is empty or null is no value", () => {
  expect(taken(`${head}PID|1||A^B\\T\\C^""~D||""|^X\r`)).toEqual([...ofHead, ["PID-1", ["1"]], ["PID-3", ["A", "B&C", ""]], ["PID-3", ["D"]], ["PID-5", ["", "X"]]]);
});

test("a divided component is joined, and its pieces stand beside it", () => {
  expect(taken(`${head}PID|A&B^C\r`)).toEqual([...ofHead, ["PID-1", ["A B", "C"], "1:A", "1:B"]]);
});

test("no more components than asked for", () => {
  expect(taken(`${head}PID|A^B^C\r`, 1)).toEqual([...ofHead, ["PID-1", ["A"]]]);
  expect(taken(`${head}PID|A&B^C&D^E\r`, 2)).toEqual([...ofHead, ["PID-1", ["A B", "C D"], "1:A", "1:B", "2:C", "2:D"]]);
});

test("what is behind the last row is like it; what repeats in a row is taken once", () => {
  expect(taken(`${head}PID|||||A|B\rOBX|1\rOBX|1\rOBX|2\r`)).toEqual([...ofHead, ["PID-5", ["A"]], ["PID-5", ["B"]], ["OBX-1", ["1"]], ["OBX-1", ["2"]]]);
});

test("delimiters are those of the last header", () => {
  expect(taken(`${head}PID|A^B\rMSH#*~\\&#LAB\rPID#A^B#C*D\r`)).toEqual([
    ...ofHead, ["PID-1", ["A", "B"]], ["MSH-1", ["#"]], ["MSH-2", ["*~\\&"]], ["MSH-3", ["LAB"]], ["PID-1", ["A^B"]], ["PID-2", ["C", "D"]],
  ]);
});

test("a line without a name: everything in it is a piece of the first component", () => {
  expect(taken(`${head}free text|A^B&C\r`)).toEqual([...ofHead, ["???-0", ["free text"]], ["???-1", ["A B C"], "1:A", "1:B", "1:C"]]);
});
