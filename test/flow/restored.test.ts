import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fileSource, partnersYaml, result, sluiceYaml } from "../files/folder-project.ts";
import { engineOnDisk, eventually } from "./engine-on-disk.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const channel = `channel: first
classification: phi
${fileSource()}
  format: hl7v2
destinations:
  box: { partner: receiver, purpose: TREAT, file: { name: "{sequence}-{id}.hl7" } }
`;
const project = { "sluice.yaml": sluiceYaml, "in/.keep": "", "taken/.keep": "", "failed/.keep": "", "out/.keep": "", "first.yaml": channel };

test("a record that comes back without the key of its ids does not start, and gets no other key", async () => {
  const disk = await engineOnDisk({ ...project, "partners.yaml": partnersYaml() });
  open.push(disk.close);
  writeFileSync(join(disk.root, "in", "a.hl7"), result("A"));
  await eventually(() => readdirSync(join(disk.root, "out")).some((name) => name.endsWith(".hl7")));
  await disk.engine.close();
  rmSync(join(disk.root, ".sluice", "identity.key"));
  await expect(disk.restart()).rejects.toMatchObject({ code: "RUN-109", safe: { missing: true } });
  await expect(disk.restart()).rejects.toMatchObject({ code: "RUN-109", safe: { missing: true } });
});
