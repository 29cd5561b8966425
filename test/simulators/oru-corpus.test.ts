import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decode } from "../../engine/codec/bytes/index.ts";
import { clinicalDifferences } from "../../engine/codec/clinical/index.ts";
import { parseHl7 } from "../../engine/codec/hl7v2/index.ts";
import { readProject } from "../../engine/config/index.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import { programOf } from "../../engine/runtime/program.ts";
import { builtInConnectors } from "../../engine/runtime/registry.ts";
import { createSandbox } from "../../engine/sandbox/index.ts";
import type { ChannelProgram, Sandbox } from "../../engine/sandbox/sandbox.ts";

const corpus = "../shared/corpora/hl7v2";
const here = existsSync(corpus);
if (!here && !process.env["CI"]) console.warn(`skipped: results of real laboratories are not at ${corpus}`);

interface Bundle {
  readonly resourceType: string;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: { readonly resourceType: string; readonly [key: string]: unknown } }[];
}

describe.skipIf(!here && !process.env["CI"])("results of real laboratories", () => {
  let sandbox: Sandbox;
  let program: ChannelProgram;
  beforeAll(async () => {
    const { project } = readProject("channels", { connectors: await builtInConnectors() });
    const channel = project?.channels.find(({ name }) => name === "lab-results");
    if (!project || !channel) throw new Error("no example project");
    program = programOf(channel, project);
    sandbox = await createSandbox({ walls: "reduced", timeoutMs: 2000, memoryMb: 64, clock: systemClock });
    expect(await sandbox.load(program)).toEqual([]);
  });
  afterAll(() => sandbox?.close());

  it("become Bundles with a report for each OBR, a result for each OBX that says something, and every flag kept", async () => {
    let results = 0;
    const differing: string[] = [];
    for (const file of files(corpus)) {
      const { text } = decode(readFileSync(file), { format: "hl7v2", charset: "utf-8" });
      const message = parseHl7(text);
      const { results: [step, ward] } = await sandbox.run(program.name ?? program.channel, { messageId: "m1", receivedAt: 0, text });
      if (step?.kind !== "output") throw new Error(`${file}: ${JSON.stringify(step)}`);
      const bundle = JSON.parse(step.text) as Bundle;
      const of = (type: string) => bundle.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);
      const told = message.all("OBX").filter((obx) => obx.get("2") === "ED" || (obx.get("3") || obx.get("3.2") || obx.get("5")));
      expect(of("DiagnosticReport").length, file).toBe(message.all("OBR").length);
      const documents = of("DiagnosticReport").flatMap(({ presentedForm }) => (presentedForm as unknown[] | undefined) ?? []);
      expect(of("Observation").length + documents.length, file).toBe(told.length);
      expect(of("Observation").filter(({ interpretation }) => interpretation).length, file).toBe(told.filter((obx) => obx.get("8")).length);
      for (const { resource } of bundle.entry) expect(resource, file).not.toHaveProperty("id");
      expect(new Set(bundle.entry.map(({ fullUrl }) => fullUrl)).size, file).toBe(bundle.entry.length);
      if (clinicalDifferences(message, step)?.length !== 0) differing.push(basename(file));
      if (ward?.kind === "output") expect(clinicalDifferences(message, ward), file).toEqual([]);
      results += told.length;
    }
    expect(results).toBeGreaterThan(1000);
    // A file of several messages, of which the transform reads one patient; and an attachment without data.
    expect(differing.toSorted()).toEqual(["ORU-R01-01.hl7", "sample-batch-pdi-20210608-0001.hl7"]);
  });
});

/** The ORU^R01 messages of the corpus. */
function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(hl7|txt)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /^MSH.*\|ORU\^R01[|^]/m.test(readFileSync(file, "latin1").replace(/^\u00ef\u00bb\u00bf/, "").replace(/\r\n?/g, "\n")));
}
