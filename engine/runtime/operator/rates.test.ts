import { expect, test } from "vitest";
import { ManualClock } from "../../sdk/testing/manual-clock.ts";
import { Rates } from "./rates.ts";

test("a rate is that of the last minute, and of a young engine since its start", async () => {
  const clock = new ManualClock();
  const rates = new Rates(clock);
  expect(rates.of("lab/ehr")).toBe(0);
  for (let second = 0; second < 10; second++) {
    for (let n = 0; n < 4; n++) rates.ended("lab/ehr");
    await clock.advance(1000);
  }
  expect(rates.of("lab/ehr")).toBe(4);
  expect(rates.of("lab/ward")).toBe(0);
  await clock.advance(30_000);
  expect(rates.of("lab/ehr")).toBe(1);
  await clock.advance(60_000);
  expect(rates.of("lab/ehr")).toBe(0);
});
