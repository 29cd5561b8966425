import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

let folder = "";
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "sluice-schema-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function schema(...argv: string[]) {
  const terminal = sampleTerminal({ cwd: folder });
  const code = await main(["schema", ...argv], terminal);
  return { code, out: terminal.outs.join("\n") };
}

/** A project with a connector of its own. */
function project(): void {
  const connector = `export default { name: "fax", summary: "Pages by telephone", stability: "alpha", destination: {
    options: { type: "object", additionalProperties: false, properties: { number: { type: "string", description: "Whom to call", examples: ["+12175550143"] } }, required: ["number"] },
    formats: ["text"], create: () => ({}) } };`;
  mkdirSync(join(folder, "node_modules/acme-fax"), { recursive: true });
  writeFileSync(join(folder, "node_modules/acme-fax/package.json"), '{"name":"acme-fax","type":"module","exports":"./index.js"}');
  writeFileSync(join(folder, "node_modules/acme-fax/index.js"), connector);
  writeFileSync(join(folder, "sluice.yaml"), "name: own\nconnectors: [acme-fax]\ntrusted: [acme-fax]\n");
  writeFileSync(join(folder, "partners.yaml"), "partners: {}\n");
  mkdirSync(join(folder, "channels"));
  writeFileSync(join(folder, "channels/one.yaml"), "channel: one\nsource: { partner: x }\n");
}

test("a schema is printed with the options of every connector, those of the project too", async () => {
  expect(JSON.parse((await schema("partners")).out)).toMatchObject({ title: "Sluice partners" });
  expect((await schema("channel")).out).not.toContain("Whom to call");
  project();
  const { code, out } = await schema("channel");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toHaveProperty("properties.source.properties.mllp.properties.port");
  expect(out).toContain("Whom to call");
});

test("a project is set up for editors, mistakes or not; what its owner has written stays", async () => {
  project();
  mkdirSync(join(folder, ".vscode"));
  writeFileSync(join(folder, ".vscode/settings.json"), "mine");
  writeFileSync(join(folder, "partners.yaml"), "# yaml-language-server: $schema=elsewhere.json\npartners: {}\n");
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const { code, out } = await schema("--write", "--json");
  expect(code).toBe(0);
  const { written } = JSON.parse(out) as { written: string[] };
  expect(written).toEqual(expect.arrayContaining(["schemas/channel.schema.json", "types/sluice.d.ts", "tsconfig.json", "sluice.yaml", "channels/one.yaml"]));
  expect(written).not.toContain("partners.yaml");
  expect(read(".vscode/settings.json")).toBe("mine");
  expect(read("channels/one.yaml")).toBe("# yaml-language-server: $schema=../schemas/channel.schema.json\nchannel: one\nsource: { partner: x }\n");
  expect(read("schemas/channel.schema.json")).toContain("Whom to call");
  expect((await schema("--write")).out).toBe("nothing to write: all of it is as it should be");
});

test("a schema that is none is a wrong call", async () => {
  expect((await schema("chanel")).code).toBe(2);
  expect((await schema()).code).toBe(2);
});
