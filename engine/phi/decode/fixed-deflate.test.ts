import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFixedDeflate } from "./fixed-deflate.ts";

const fixed = (text: string) => deflateRawSync(text, { strategy: constants.Z_FIXED });

test("every block of fixed codes is known, whatever it holds", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: fc.constantFrom("ab", "Rivera "), maxLength: 400 })), (text) => {
    const bytes = fixed(text);
    expect(((bytes[0] ?? 0) & 7) !== 3 || isFixedDeflate(bytes)).toBe(true);
  }), { numRuns: 2000 });
  expect(isFixedDeflate(fixed("Jane Rivera, Jane Rivera"))).toBe(true);
});

test("what it knows, the library takes out, and the other way about", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (random) => {
    const bytes = Uint8Array.from(random);
    bytes[0] = ((bytes[0] as number) & 0xf8) | 3;
    expect(isFixedDeflate(bytes)).toBe(isTakenOut(bytes));
  }), { numRuns: 5000 });
});

test.each(["system", "status", "coding", "resource", "2345-7"])("no word of a message: %s", (word) => {
  expect(isFixedDeflate(Buffer.from(word, "base64"))).toBe(false);
});

function isTakenOut(bytes: Uint8Array): boolean {
  try {
    inflateRawSync(bytes);
    return true;
  } catch {
    return false;
  }
}
