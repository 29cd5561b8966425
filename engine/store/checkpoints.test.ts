import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { Checkpoints, mostPlaces } from "./checkpoints.ts";
import { tables } from "./schema.ts";
import { deriveMaster, Sealer } from "./vault.ts";

test("a source that names a place for every file takes no more memory with each, and every place stands where it was left", () => {
  const db = new DatabaseSync(":memory:");
  db.exec(tables);
  const keys = deriveMaster(new Map([[1, Buffer.alloc(32, 7)]]));
  const checkpoints = new Checkpoints(db, keys, new Sealer(db, keys, Buffer.alloc(16, 1), () => 1));
  const total = 3 * mostPlaces;
  let most = 0;
  for (let n = 0; n < total; n++) {
    checkpoints.move({ of: `lab/${n}`, value: `${n}` });
    if (n % 10 === 9) checkpoints.flush();
    most = Math.max(most, checkpoints.held);
  }
  expect(most).toBeLessThanOrEqual(mostPlaces + 10);
  for (const n of [0, mostPlaces, total - 1]) {
    expect(checkpoints.mayMove({ of: `lab/${n}`, value: "x", after: `${n}` })).toBe(true);
    expect(checkpoints.mayMove({ of: `lab/${n}`, value: "x", after: "" })).toBe(false);
  }
  db.close();
});
