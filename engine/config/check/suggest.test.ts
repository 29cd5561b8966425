import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, nearest } from "./suggest.ts";

describe("suggestions", () => {
  it("finds the word that was meant", () => {
    expect(nearest("prot", ["port", "path", "host"])).toBe("port");
    expect(nearest("Transfrom", ["transform", "filter"])).toBe("transform");
  });

  it("stays silent when nothing is near", () => {
    expect(nearest("zebra", ["port", "path"])).toBeUndefined();
    expect(nearest("ab", [])).toBeUndefined();
  });

  it("measures like a distance", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(distance(a, b)).toBeCloseTo(distance(b, a));
        expect(distance(a, b) === 0).toBe(a === b);
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
