import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Certificates } from "../runtime/net/certificates.fixture.ts";
import { freePort } from "../../test/flow/engine-on-disk.ts";
import { startEngine } from "./compose.ts";
import { exitOf } from "./doctor.ts";
import type { Finding } from "./doctor/finding.ts";
import { clock, node } from "./doctor/machine.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

let folder = "";
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  // On the disk of this clone: a folder in memory is no place for a store, and doctor says so.
  mkdirSync(".sluice", { recursive: true });
  folder = mkdtempSync(join(".sluice", "doctor-"));
  const terminal = sampleTerminal();
  expect(await main(["init", folder, "--yes", "--port", String(await freePort())], terminal)).toBe(0);
  edit("sluice.yaml", (text) => `${text}console: { port: ${consolePort} }\n`);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});
const consolePort = await freePort();

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), "utf8")));
}

async function doctor(...argv: string[]) {
  const terminal = sampleTerminal();
  const exit = await main(["doctor", "--project", folder, "--json", ...argv], terminal);
  const findings = terminal.outs.map((line) => JSON.parse(line) as Finding);
  return { exit, findings, of: (check: string) => findings.filter((finding) => finding.check === check), codes: findings.flatMap(({ code }) => code ?? []) };
}

const isBlockedHere = (findings: readonly Finding[]) => findings.some(({ check, verdict }) => verdict === "blocked" && (check === "sandbox" || check === "disk"));

test("a new project on a sound machine: nothing wrong, and each look says what it saw", async () => {
  const { exit, findings, of } = await doctor();
  expect([...new Set(findings.map(({ check }) => check))]).toEqual(["node", "sandbox", "disk", "store", "clock", "project", "ports", "agreements"]);
  if (!isBlockedHere(findings)) expect(exit).toBe(0);
  expect(of("store")[0]?.what).toContain("none yet");
  expect(of("disk").some(({ what }) => /a durable write takes [\d.]+ ms/.test(what))).toBe(true);
});

test("ports that somebody else has are named; those of the project's own engine are not", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(consolePort, "127.0.0.1", resolve));
  const taken = await doctor();
  await new Promise((resolve) => server.close(resolve));
  expect(taken.of("ports")).toEqual([expect.objectContaining({ code: "NET-101", what: expect.stringContaining(`127.0.0.1:${consolePort} of the console`) })]);
});

test("a store that runs is opened beside its engine; one whose key is gone does not open", async () => {
  const engine = await startEngine({ root: folder, log: () => {}, allowVolatileStore: true });
  const beside = await doctor();
  await engine.close();
  expect(beside.of("store").at(-1)).toMatchObject({ verdict: "ok", what: "opens; no message yet" });
  chmodSync(join(folder, ".sluice"), 0o755);
  rmSync(join(folder, ".sluice/master.key"));
  const { exit, codes } = await doctor();
  expect(codes).toEqual(expect.arrayContaining(["DOC-105", "STO-106"]));
  expect(exit).toBe(78);
});

test("certificates: soon, too late, of another key, not there", async () => {
  const made = new Certificates();
  ends.push(() => made.remove());
  const ca = made.authority("ca", 400);
  mkdirSync(join(folder, "tls"));
  edit("partners.yaml", (text) => text.replace(/url: "mllp:[^}]*/, 'url: "mllps://127.0.0.1:8052", tls: { ca: tls/ca.pem, cert: tls/our.pem, key: tls/our.key } '));
  expect((await doctor()).of("tls").map(({ code }) => code)).toEqual(["NET-103", "NET-103", "NET-103"]);
  const put = (name: string, days: number) => {
    const files = made.issue(name, ca, "IP:127.0.0.1", days);
    const read = (file: string) => readFileSync(made.resolvePath(file));
    writeFileSync(join(folder, "tls/ca.pem"), read(ca));
    writeFileSync(join(folder, "tls/our.pem"), read(files.cert));
    writeFileSync(join(folder, "tls/our.key"), read(files.key), { mode: 0o600 });
  };
  put("a", 300);
  expect((await doctor()).of("tls").map(({ verdict }) => verdict)).toEqual(["ok"]);
  put("b", 10);
  const key = readFileSync(join(folder, "tls/our.key"));
  expect((await doctor()).of("tls").map(({ code }) => code)).toEqual(["DOC-107"]);
  put("c", 300);
  writeFileSync(join(folder, "tls/our.key"), key);
  chmodSync(join(folder, "tls/our.key"), 0o644);
  expect((await doctor()).of("tls").map(({ code }) => code)).toEqual(["DOC-109", "DOC-108"]);
});

test("agreements and secrets, and an endpoint that does not answer when it is asked for", async () => {
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  edit("partners.yaml", (text) => text.replace(", timezone: UTC", `, expires: ${soon}, timezone: UTC`).replace(/mllp:\/\/127.0.0.1:8052/, `http://127.0.0.1:1/x`));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
  edit("lab-results.yaml", (text) => text.replace("mllp: { endpoint: results }", 'http: { endpoint: results, auth: { bearer: "${file:token}" } }'));
  const { exit, codes, of } = await doctor("--connect");
  expect(codes).toEqual(expect.arrayContaining(["DOC-111", "SEC-102", "DOC-112", "DOC-115"]));
  expect(of("endpoints")[0]?.what).toContain("127.0.0.1:1");
  expect(exit).toBeGreaterThan(0);
  expect((await doctor()).of("endpoints")).toEqual([]);
});

test("an old Node cannot run it, and a clock that is wrong is found by its own word and by the record's", () => {
  expect(node("20.11.0")[0]).toMatchObject({ verdict: "blocked", code: "DOC-101" });
  expect(node("26.10.0")[0]?.verdict).toBe("ok");
  const now = Date.UTC(2026, 10, 22);
  expect(clock({ now: 0 })[0]?.code).toBe("DOC-114");
  expect(clock({ now }, now + 3_600_000)[0]).toMatchObject({ code: "DOC-114", what: expect.stringContaining("60 minutes") });
  expect(clock({ now }, now)[0]?.verdict).toBe("ok");
});

test("the worst finding decides how it ends", () => {
  const finding = (verdict: Finding["verdict"]): Finding => ({ check: "x", verdict, what: "" });
  expect([["ok"], ["ok", "warning"], ["warning", "error"], ["error", "blocked"]].map((all) => exitOf(all.map((verdict) => finding(verdict as Finding["verdict"]))))).toEqual([0, 0, 1, 78]);
});
