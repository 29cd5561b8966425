import fc from "fast-check";
import { expect, test } from "vitest";
import { Lines } from "./lines.ts";

const long = () => new Error("long");
const read = (pieces: readonly Uint8Array[], limit = 1000) => {
  const lines = new Lines(limit, long);
  return [...pieces.flatMap((piece) => [...lines.push(piece)]), ...lines.end()].map((line) => new TextDecoder().decode(line));
};

test("whatever pieces a file comes in, its lines are the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "é", "{", " ", "\r") })), fc.constantFrom("\n", "\r\n"), fc.array(fc.nat(40)), (texts, end, cuts) => {
      const bytes = new TextEncoder().encode(texts.join(end));
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      expect(read(at.slice(1).map((to, i) => bytes.subarray(at[i], to)))).toEqual(read([bytes]));
    }),
  );
  expect(read([new TextEncoder().encode('{"a":1}\r\n\n{"b":2}')])).toEqual(['{"a":1}', '{"b":2}']);
});

test("a line beyond the limit is refused before it is whole", () => {
  expect(() => read([new Uint8Array(600).fill(65), new Uint8Array(600).fill(65)])).toThrow("long");
});
