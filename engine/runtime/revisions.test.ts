import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Channel } from "../config/project.ts";
import type { ChannelProgram, Sandbox } from "../sandbox/sandbox.ts";
import { type Diagnostic, EngineError, SecretRef } from "../sdk/index.ts";
import { Revisions } from "./revisions.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-revisions-"));
afterEach(() => rmSync(join(folder, "revisions"), { recursive: true, force: true }));

const options = { auth: { bearer: new SecretRef("env", "TOKEN") } };
const channel = { name: "c", revision: "r1", destinations: [{ name: "d", options }] } as unknown as Channel;
const program = { channel: "c", revision: "r1", destinations: [] } as unknown as ChannelProgram;
const path = join(folder, "revisions", "c@r1.json");

function revisions(load: () => Promise<readonly Diagnostic[]>) {
  const made = new Revisions(folder, { load } as unknown as Sandbox);
  made.keep(channel, program);
  return made;
}

test("a kept revision comes back with the names of its secrets, and is compiled once", async () => {
  let loads = 0;
  const kept = revisions(async () => {
    loads++;
    return [];
  });
  const [one, two] = await Promise.all([kept.find("c", "r1"), kept.find("c", "r1")]);
  expect(one).toBe(two);
  expect(loads).toBe(1);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
  expect(one).toMatchObject({ program: "c@r1", channel: { destinations: [{ options: { auth: { bearer: "${env:TOKEN}" } } }] } });
});

test("code that does not compile or a sandbox that fails is no revision, and is tried again the next time", async () => {
  const answers = [async () => [{} as Diagnostic], () => Promise.reject(new EngineError("SBX-302")), async () => []];
  const kept = revisions(() => answers.shift()?.() ?? Promise.resolve([]));
  expect(await kept.find("c", "r1")).toBeUndefined();
  await expect(kept.find("c", "r1")).rejects.toHaveProperty("code", "SBX-302");
  expect(await kept.find("c", "r1")).toBeDefined();
});

test("a file that was cut short is written anew when its revision starts", () => {
  revisions(async () => []);
  writeFileSync(path, '{"channel":');
  revisions(async () => []);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ channel: { name: "c" } });
});
