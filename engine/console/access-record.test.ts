import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accessRecord } from "./access-record.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-access-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const view = (message: number) => ({ message, purpose: "TREAT", as: "show", parts: ["raw"] }) as const;
const numbers = (views: readonly { readonly message: number }[]) => views.map(({ message }) => message);
const text = () => readFileSync(join(folder, "access.jsonl"), "utf8");

test("a disk that takes half a line refuses the access, and the file is as before", () => {
  accessRecord(folder, () => 0).record(view(1));
  const before = text();
  let room = 40;
  const full = accessRecord(folder, () => 0, (file, bytes) => {
    if (room === 0) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    const taken = writeSync(file, bytes.subarray(0, room));
    room -= taken;
    return taken;
  });
  expect(() => full.record(view(2))).toThrow("full");
  expect(text()).toBe(before);
  expect(() => accessRecord(folder, () => 0, () => 0).record(view(2))).toThrow("CON-109");
});

test("a line that goes to disk in pieces is one access", () => {
  const record = accessRecord(folder, () => 0, (file, bytes) => writeSync(file, bytes.subarray(0, 7)));
  record.record(view(1));
  expect(numbers(record.views())).toEqual([1]);
});

test("a line that a power cut broke off swallows no other, and is told", () => {
  const record = accessRecord(folder, () => 0);
  record.record(view(1));
  expect(record.views().unreadable).toBeUndefined();
  appendFileSync(join(folder, "access.jsonl"), '{"at":"1970-01-01T00:00:00.000Z","mess');
  record.record(view(7));
  record.record(view(8));
  expect(numbers(record.views())).toEqual([8, 7, 1]);
  expect(numbers(record.views(7))).toEqual([7]);
  expect(record.views(7).unreadable).toBe(1);
});
