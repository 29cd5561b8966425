import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { hmacSha256, sha256 } from "./sha256.ts";

it("gives the digests of the platform's own SHA-256 and HMAC", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 100 }), (text, key) => {
    const whole = text.toWellFormed();
    expect(sha256(whole)).toBe(createHash("sha256").update(whole, "utf8").digest("hex"));
    expect(hmacSha256(key, whole)).toBe(createHmac("sha256", key).update(whole, "utf8").digest("hex"));
  }), { numRuns: 200 });
});
