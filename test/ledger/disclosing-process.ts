import { systemClock, systemRandom } from "../../engine/runtime/clock.ts";
import { disclosing } from "../../engine/store/ledger/sample.fixture.ts";
import { openStore } from "../../engine/store/index.ts";

// Fills and settles until it is killed, and says the number of each message whose intent is committed.
const store = await openStore({ dir: process.argv[2] ?? "", clock: systemClock, random: systemRandom, allowVolatile: true, minFreeBytes: 0 });
const lane = "lab/ehr";
for (;;) {
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      const { id } = await store.accept({ channel: "lab", revision: "r", receivedAt: 1, raw: { format: "text", bytes: Buffer.from("m") }, lanes: [lane] });
      await store.fill(lane, id, { format: "text", bytes: Buffer.from("s") }, [], disclosing);
      process.stdout.write(`${id}\n`);
      await store.settle({ lane, id, state: "delivered", at: 1, attempts: 1 });
    }),
  );
}
