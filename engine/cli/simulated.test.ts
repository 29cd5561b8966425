import { expect, test } from "vitest";
import { simulated } from "./simulated.ts";

test("a library that is not installed is told by its code; any other fault as it is", async () => {
  const absent = Object.assign(new Error("no such package"), { code: "ERR_MODULE_NOT_FOUND" });
  await expect(simulated(() => Promise.reject(absent))).rejects.toMatchObject({ code: "CLI-135" });
  await expect(simulated(() => Promise.reject(new RangeError("another")))).rejects.toThrow(RangeError);
  expect(await simulated(() => Promise.resolve(7))).toBe(7);
});
