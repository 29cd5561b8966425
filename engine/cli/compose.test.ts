import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Channel, Project } from "../config/project.ts";
import { Closers } from "./closers.ts";
import { type LoadedProject, loadProject, loadSandbox } from "./compose.ts";

test("what is open is closed last first and once, also behind one that fails; the first error is told", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add(() => closed.push("store"));
  closers.add(() => Promise.reject(new Error("second")));
  closers.add(async () => closed.push("sockets"));
  closers.add(() => {
    throw new Error("first");
  });
  await expect(closers.close()).rejects.toThrow("first");
  expect(closed).toEqual(["sockets", "store"]);
  await closers.close();
  expect(closed.length).toBe(2);
});

test("a sandbox that cannot load its channels leaves no process behind", async () => {
  const workers = () => process.getActiveResourcesInfo().filter((kind) => kind === "ProcessWrap").length;
  const before = workers();
  const sandbox = { walls: "reduced", timeoutMs: 1000, memoryMb: 32 };
  const channels = [{ name: "broken" } as Channel];
  const project = { settings: { sandbox }, channels } as unknown as Project;
  await expect(loadSandbox({ project, sources: new Map() } as unknown as LoadedProject)).rejects.toThrow();
  await expect.poll(workers, { timeout: 30_000 }).toBe(before);
});

test("a start goes on with an agreement that has ended, and stops at a document that is not the one that was signed", async () => {
  const root = mkdtempSync(join(tmpdir(), "sluice-compose-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const link = 'auth: none, limit: 5/s, audit: full, phi: allowed';
  const partners = (expires: string, sha256: string) =>
    write("partners.yaml", `partners:
  app: { kind: provider, links: { inbound: { allow: [ORU^R01], ${link} } } }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "mllp://127.0.0.1:2600" }]
    agreements:
      - { id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, expires: ${expires}, timezone: UTC, document: { ref: t.txt, sha256: ${sha256} } }
    links: { outbound: { allow: ["*"], ${link} } }
`);
  write("sluice.yaml", "name: p\n");
  write("t.txt", "signed");
  write("lab.yaml", "channel: lab\nclassification: phi\nsource:\n  partner: app\n  mllp: { port: 2575 }\ndestinations:\n  ehr:\n    partner: ehr\n    purpose: TREAT\n    mllp: {}\n");
  partners("2021-01-01", hash("signed"));
  expect((await loadProject(root)).warnings).toMatchObject([{ code: "PHI-109" }]);
  for (const expires of ["2021-01-01", "2099-01-01"]) {
    partners(expires, hash("another"));
    await expect(loadProject(root)).rejects.toMatchObject({ diagnostics: expect.arrayContaining([expect.objectContaining({ code: "PHI-126", level: "error" })]) });
  }
});
