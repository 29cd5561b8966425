import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemRandom } from "./clock.ts";
import { identityKey, opaqueIds } from "./identity-key.ts";

const fresh = { hasMessages: false };
const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "sluice-ids-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true });
});

test("a data folder keeps one key, readable by its owner alone; another folder has another", () => {
  const [one, other] = [folder(), folder()];
  const key = identityKey(one, systemRandom, fresh);
  expect(key.length).toBe(32);
  expect(statSync(join(one, "identity.key")).mode & 0o777).toBe(0o600);
  expect(Buffer.from(identityKey(one, systemRandom, fresh)).equals(key)).toBe(true);
  expect(Buffer.from(identityKey(other, systemRandom, fresh)).equals(key)).toBe(false);
});

test("a key that is broken or open to others is refused, and not replaced", () => {
  const path = join(folder(), "identity.key");
  const read = () => identityKey(join(path, ".."), systemRandom, fresh);
  writeFileSync(path, "abc\n", { mode: 0o600 });
  expect(read).toThrow(expect.objectContaining({ code: "RUN-109" }));
  writeFileSync(path, `${"0".repeat(64)}\n`);
  chmodSync(path, 0o644);
  expect(read).toThrow(expect.objectContaining({ code: "RUN-109" }));
});

test("beside a record with messages a missing key is refused, and none is made in its place", () => {
  const dir = folder();
  const asked = () => identityKey(dir, systemRandom, { hasMessages: true });
  expect(asked).toThrow(expect.objectContaining({ code: "RUN-109", safe: { file: "identity.key", missing: true } }));
  expect(readdirSync(dir)).toEqual([]);
  const key = identityKey(dir, systemRandom, fresh);
  expect(Buffer.from(asked()).equals(key)).toBe(true);
});

test("ids are 128 bits, stable, and differ by scope, message and store", () => {
  const id = opaqueIds(new Uint8Array(32).fill(1));
  const all = [id("a/b", 7), id("a/c", 7), id("a/b", 8), id("message", 7), opaqueIds(new Uint8Array(32))("a/b", 7)];
  expect(id("a/b", 7)).toBe(all[0]);
  expect(new Set(all).size).toBe(5);
  for (const each of all) expect(each).toMatch(/^[0-9a-f]{32}$/);
});
