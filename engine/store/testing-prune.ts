import { randomBytes } from "node:crypto";
import { openStore } from "./index.ts";
import { fakeClock } from "./testing.ts";

/** A child process for crash tests: fills a store and prunes it, and says on its standard output when it has begun. Whoever started it kills it. */
const [dir = ""] = process.argv.slice(2);
const clock = fakeClock();
const random = { next: () => 0.5, bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const store = await openStore({ dir, clock, random, minFreeBytes: 0, allowVolatile: true });
const raw = { format: "text", bytes: Buffer.from("m") } as const;
const day = 86_400_000;

for (;;) {
  const accepted = await Promise.all(Array.from({ length: 600 }, () => store.accept({ channel: "lab", revision: "r", receivedAt: clock.now(), raw, lanes: ["lab/a", "lab/b"] })));
  const ends = accepted.flatMap(({ id }) => ["lab/a", "lab/b"].map((lane) => store.settle({ lane, id, state: "delivered", at: clock.now(), attempts: 1, reason: "r" })));
  await Promise.all(ends);
  const pruned = store.prune([{ channel: "lab", contentsMs: day, metadataMs: 2 * day }], clock.now() + 3 * day, false);
  process.stdout.write("pruning\n");
  await pruned;
}
