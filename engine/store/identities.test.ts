import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { Identities } from "./identities.ts";
import { tables } from "./schema.ts";

function memory() {
  const db = new DatabaseSync(":memory:");
  db.exec(tables);
  const insert = db.prepare("INSERT INTO messages(id, channel, revision, received, bytes, lanes, identity, bytesHash) VALUES(?, 1, 1, 0, 0, '', ?, ?)");
  const add = (identities: Identities, id: number, identity: Uint8Array, bytes: Uint8Array) => {
    insert.run(id, identity, bytes);
    identities.add(identity, bytes, id);
  };
  const inTable = () => (db.prepare("SELECT count(*) AS n FROM duplicates").get() as { n: number }).n;
  return { db, add, inTable };
}

const hash = () => new Uint8Array(randomBytes(16));

test("a repeat is found, and the same identity with other bytes is told apart", () => {
  const { db, add } = memory();
  const identities = new Identities(db);
  const [identity, bytes] = [hash(), hash()];
  expect(identities.find(identity, bytes)).toEqual({ otherBytes: false });
  add(identities, 1, identity, bytes);
  expect(identities.find(identity, bytes)).toEqual({ message: 1, otherBytes: true });
  expect(identities.find(identity, hash())).toEqual({ otherBytes: true });
});

test("every identity is found at each moment of its way to the table, and after a start anew", () => {
  const { db, add, inTable } = memory();
  let identities = new Identities(db);
  const seen: [Uint8Array, Uint8Array][] = [];
  const check = () => {
    for (let id = 1; id <= seen.length; id += 97) {
      const [identity, bytes] = seen[id - 1] as [Uint8Array, Uint8Array];
      expect(identities.find(identity, bytes).message).toBe(id);
    }
  };
  for (let id = 1; id <= 12_000; id++) {
    const one: [Uint8Array, Uint8Array] = [hash(), hash()];
    seen.push(one);
    add(identities, id, ...one);
    if (id % 40 === 0) identities.flush();
    if (id % 1000 === 0) check();
    if (id === 8600) {
      // Half-way through a move: what the table has twice is harmless, what it has not is in the messages.
      expect(inTable()).toBeGreaterThan(0);
      expect(inTable()).toBeLessThan(8192);
      identities = new Identities(db);
      check();
    }
  }
  for (let i = 0; i < 40; i++) identities.flush();
  expect(inTable()).toBeGreaterThanOrEqual(8192);
  identities = new Identities(db);
  check();
});
