import { expect, test } from "vitest";
import { bar, passLarge } from "./passage.ts";

/**
 * How long it takes, and the bar on memory, are `bench:large`: tests run beside each other, and when a collector gets its turn is then up to the
 * machine. A body copied once more or kept twice in each process is past this bound all the same.
 */
test("a message of 50 MB arrives whole, in bounded memory", async () => {
  const { ack, isWhole, aboveIdleBytes } = await passLarge();
  expect(ack).toContain("|AA|LARGE");
  expect(isWhole).toBe(true);
  expect(aboveIdleBytes).toBeGreaterThan(0);
  expect(aboveIdleBytes).toBeLessThan(1.4 * bar.bytes);
}, 300_000);
