import { expect, test } from "vitest";
import { systemRandom } from "./clock.ts";

test.each([0, 1, 16, 64, 65, 5000])("gives as many bytes as were asked for: %i", (length) => {
  expect(systemRandom.bytes(length)).toHaveLength(length);
});

test("gives nothing twice, across many fillings of what is kept ready, and takes nothing back", () => {
  const given = Array.from({ length: 2000 }, () => systemRandom.bytes(16));
  const written = given.map((bytes) => Buffer.from(bytes).toString("hex"));
  expect(new Set(written).size).toBe(2000);
  systemRandom.bytes(64);
  expect(given.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(written);
  expect(written.filter((each) => /0{12}/.test(each))).toEqual([]);
});
