import { brotliCompressSync, constants, deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hasWindowOfBrotli, mayBeDeflate } from "./unmarked-streams.ts";

const words = fc.array(fc.constantFrom("Jane ", "Rivera ", "12", "1980-01-02", "\u00e9", "x"), { minLength: 1, maxLength: 200 }).map((parts) => Buffer.from(parts.join("")));
const flushes = fc.constantFrom(constants.Z_FINISH, constants.Z_SYNC_FLUSH);

test("whatever the library writes as deflate may be some", () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), flushes, (text, level, strategy, finishFlush) => {
      expect(mayBeDeflate(deflateRawSync(text, { level, strategy, finishFlush }))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("whatever the library takes out may be some, and of other bytes few", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 90 }), (bytes) => {
      if (!mayBeDeflate(bytes)) expect(() => inflateRawSync(bytes)).toThrow();
    }),
    { numRuns: 2000 },
  );
  // A block with codes of its own, of which every length is zero.
  expect(mayBeDeflate(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toBe(false);
  // One that is stored, with another length than it says.
  expect(mayBeDeflate(Uint8Array.of(0, 4, 0, 0, 0, 1, 2, 3, 4))).toBe(false);
});

test("Brotli begins with the window that libraries take", () => {
  fc.assert(
    fc.property(words, (text) => {
      expect(hasWindowOfBrotli(brotliCompressSync(text))).toBe(true);
    }),
  );
});
