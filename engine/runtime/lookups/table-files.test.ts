import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { seal } from "../../phi/release.ts";
import { TableFiles } from "./table-files.ts";

let root = "";
const onWritten = vi.fn();
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-tables-"));
  onWritten.mockClear();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const tables = (url = "lookup://wards", isReleased = () => true) => new TableFiles({ root, endpointOf: () => ({ id: "t", url }), isReleased, onWritten });
const released = (row: unknown) => seal("own", { endpoint: "t", body: new TextEncoder().encode(typeof row === "string" ? row : JSON.stringify(row)) });
const put = (row: unknown, by = tables()) => by.put(released(row), new AbortController().signal);
const file = () => readFileSync(join(root, "lookups/wards.csv"), "utf8");

test("rows come, change and go, sorted by key; the same row again writes nothing", async () => {
  const by = tables();
  await Promise.all([put({ key: "b", value: 'x, "y"' }, by), put({ key: "a", value: "1" }, by), put({ key: "c", value: "" }, by)]);
  expect(file()).toBe('key,value\na,1\nb,"x, ""y"""\nc,\n');
  await put({ key: "a", value: "2" }, by);
  await put({ key: "c" }, by);
  expect(file()).toBe('key,value\na,2\nb,"x, ""y"""\n');
  expect(onWritten).toHaveBeenCalledTimes(5);
  await put({ key: "a", value: "2" }, by);
  await put({ key: "never" }, by);
  expect(onWritten).toHaveBeenCalledTimes(5);
  expect(readdirSync(join(root, "lookups"))).toEqual(["wards.csv"]);
});

test("a row goes into the table as a person has left it; one that cannot be read is not written over", async () => {
  mkdirSync(join(root, "lookups"));
  writeFileSync(join(root, "lookups/wards.csv"), "code,ward\r\nz,last\r\n");
  await put({ key: "a", value: "1" });
  expect(file()).toBe("key,value\na,1\nz,last\n");
  writeFileSync(join(root, "lookups/wards.csv"), "code,ward,more\nz,last,x\n");
  await expect(put({ key: "b", value: "1" })).rejects.toMatchObject({ code: "IDN-122" });
  expect(file()).toContain("z,last,x");
});

test("another file is the same table", async () => {
  mkdirSync(join(root, "lookups"));
  writeFileSync(join(root, "lookups/wards.yaml"), "a: b\n");
  await expect(put({ key: "a", value: "1" })).rejects.toMatchObject({ code: "IDN-122" });
});

test.each([[{ key: "" }], [{ key: 7 }], [{ key: "a\nb", value: "x" }], [{ key: "a", value: "x".repeat(257) }], [{ key: "a", value: null }], ["[]"], ["{"], ['{"key":"a","key":"b"}']])("%j cannot stand in a table", async (row) => {
  await expect(put(row)).rejects.toMatchObject({ code: "IDN-121" });
});

test("what was not released, or goes elsewhere, is not written", async () => {
  await expect(put({ key: "a" }, tables("lookup://wards", () => false))).rejects.toMatchObject({ code: "NET-201" });
  for (const url of ["lookup://../x", "file://./lookups", "lookup://"]) await expect(put({ key: "a", value: "1" }, tables(url))).rejects.toMatchObject({ code: "NET-202" });
  expect(readdirSync(root)).toEqual([]);
});

test("a table has an end", async () => {
  mkdirSync(join(root, "lookups"));
  writeFileSync(join(root, "lookups/wards.csv"), `key,value\n${Array.from({ length: 4100 }, (_, i) => `k${i},${"x".repeat(250)}`).join("\n")}\n`);
  await expect(put({ key: "a", value: "1".repeat(256) })).rejects.toMatchObject({ code: "IDN-123" });
});
