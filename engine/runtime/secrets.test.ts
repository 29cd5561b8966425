import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SecretRef } from "../sdk/index.ts";
import { Secrets } from "./secrets.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-secrets-"));
const secrets = new Secrets(root, { TOKEN: "from-env", EMPTY: "" });
const file = (name: string) => new SecretRef("file", name);
const write = (name: string, text: string, mode = 0o600) => {
  writeFileSync(join(root, "secrets", name), text);
  chmodSync(join(root, "secrets", name), mode);
};
beforeAll(() => mkdirSync(join(root, "secrets")));
afterAll(() => rmSync(root, { recursive: true }));

test("opens what is there, and takes off one line end", () => {
  write("key", "from-file\n");
  write("readonly", "a\n\n", 0o400);
  expect(secrets.open(new SecretRef("env", "TOKEN")).expose()).toBe("from-env");
  expect(secrets.open(file("key")).expose()).toBe("from-file");
  expect(secrets.open(file("readonly")).expose()).toBe("a\n");
  expect([secrets.exists(file("key")), secrets.exists(file("none"))]).toEqual([true, false]);
});

test("a rotated file is seen without a restart", () => {
  write("rotated", "old-value");
  secrets.open(file("rotated"));
  write("rotated", "newer-value");
  expect(secrets.open(file("rotated")).expose()).toBe("newer-value");
});

test.each([
  ["SEC-101", new SecretRef("env", "NONE")],
  ["SEC-105", new SecretRef("env", "EMPTY")],
  ["SEC-102", file("none")],
  ["SEC-103", file("open")],
  ["SEC-104", file("../secrets/key")],
  ["SEC-104", file("/etc/passwd")],
  ["SEC-105", file("empty")],
])("%s", (code, ref) => {
  write("open", "x", 0o640);
  write("empty", "\n");
  expect(() => secrets.open(ref)).toThrow(expect.objectContaining({ code }));
});

test("prints as [secret] in every way", () => {
  const secret = secrets.open(new SecretRef("env", "TOKEN"));
  for (const text of [String(secret), JSON.stringify({ secret }), inspect({ secret }, { depth: 9, showHidden: true }), `${secret}`]) {
    expect(text).toContain("[secret]");
    expect(text).not.toContain("from-env");
  }
});
