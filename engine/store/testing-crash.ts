import { randomBytes } from "node:crypto";
import { openStore } from "./index.ts";
import { fakeClock } from "./testing.ts";

/**
 * A child process for crash tests: accepts, settles, replays and changes keys without end and says on its standard output what was promised,
 * one line each, only after the promise. Whoever started it kills it.
 */
const [dir = "", writer = "inline", run = ""] = process.argv.slice(2);
const clock = fakeClock();
// Real: what is sealed after a restart must not meet the keys of the process that was killed.
const random = { next: () => 0.5, bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const store = await openStore({ dir, clock, random, minFreeBytes: 0, allowVolatile: true, writer: writer === "thread" ? "thread" : "inline" });

async function work(worker: number): Promise<never> {
  for (let count = 0; ; count++) {
    const lane = `crash/${worker}`;
    const text = `${run}.${worker}.${count}`;
    const accepted = await store.accept({
      channel: "crash", revision: "r", receivedAt: clock.now(), raw: { format: "text", bytes: Buffer.from(text) }, lanes: [lane], identity: { key: text },
    });
    process.stdout.write(`accepted ${accepted.id} ${text}\n`);
    if (count % 2 === 1) continue;
    await store.settle({ lane, id: accepted.id, state: "delivered", at: clock.now(), attempts: 1 });
    process.stdout.write(`settled ${accepted.id} ${lane}\n`);
    if (count % 6 !== 0) continue;
    await store.replay(accepted.id, [lane, `crash/again${worker}`], clock.now(), "r");
    process.stdout.write(`replayed ${accepted.id} ${lane}\n`);
    if (worker === 0 && count % 30 === 0) await store.rotateKey();
  }
}

await Promise.all([0, 1, 2, 3].map(work));
