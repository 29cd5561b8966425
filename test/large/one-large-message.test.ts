import { expect, test } from "vitest";
import { bar, passLarge } from "./passage.ts";

/** How long it takes is `bench:large`: tests run beside each other, and a time would say what the machine does besides. */
test("a message of 50 MB arrives whole, in bounded memory", async () => {
  const { ack, isWhole, aboveIdleBytes } = await passLarge();
  expect(ack).toContain("|AA|LARGE");
  expect(isWhole).toBe(true);
  expect(aboveIdleBytes).toBeGreaterThan(0);
  expect(aboveIdleBytes).toBeLessThan(bar.bytes);
}, 120_000);
