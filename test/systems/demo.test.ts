import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { type Example, startExample } from "../simulators/example.ts";
import { type Fate, systems } from "../simulators/visit/step.ts";
import { hurried, visit } from "../simulators/visit/steps.ts";
import { type SeenAttempt, type SystemLine, walk } from "../simulators/visit/walk.ts";

let example: Example | undefined;
const folders: string[] = [];
afterEach(async () => {
  const ended = example;
  example = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await ended?.close();
});

async function walked(change?: (text: string, file: string) => string, withinMs = 60_000, systems: readonly string[] = visit.map(({ system }) => system)): Promise<{ readonly lines: readonly SystemLine[]; readonly wrong: readonly unknown[] }> {
  example = await startExample("channels", { change: (text, file) => hurried(change ? change(text, file) : text) });
  const [lines, wrong]: [SystemLine[], unknown[]] = [[], []];
  const seen = ({ attempt, said, isAnswered, ends }: SeenAttempt) => {
    const odd = ends.filter(({ ok }) => !ok).map(({ end, seen, code }) => [end.partner, end.fate, seen, code]);
    if (!isAnswered || odd.length > 0) wrong.push([attempt.what, isAnswered ? "" : said, odd]);
  };
  const steps = visit.filter(({ system }) => systems.includes(system));
  for await (const line of walk(example, steps, { seen, withinMs })) lines.push(line);
  return { lines, wrong };
}

/** How often the visit wants an end, by its own files. */
const wanted = (system: string, fate: Fate) => visit.filter((step) => step.system === system).flatMap(({ attempts }) => attempts.flatMap(({ ends }) => ends)).filter((end) => end.fate === fate).length;

describe("a patient's visit", () => {
  it("ends everywhere as it has to, and what each partner was brought is what it recorded", { timeout: 180_000 }, async () => {
    expect(visit.map(({ system }) => system)).toEqual(systems);
    const { lines, wrong } = await walked();
    expect(wrong).toEqual([]);
    const fates = ["delivered", "refused", "filtered", "dead"] as const;
    expect(lines).toEqual(visit.map(({ system }) => ({ system, ...Object.fromEntries(fates.map((fate) => [fate, wanted(system, fate)])), ok: true })));
    // Each system shows its boundary: something of it is delivered, and something is stopped.
    for (const line of lines) expect([line.system, line.delivered > 0, line.refused > 0]).toEqual([line.system, true, true]);
    const { peers, engine } = example as Example;
    expect(peers.of("stripe").made).toHaveLength(1);
    expect(peers.of("network").given).toEqual(["V-RX-1", "V-RX-3"]);
    expect(peers.counts().tracker).toBe(1);
    expect(engine.operations.status().conservationGap).toBe(0);
  });

  it("says so where a partner gets what it must not, or not what it must", { timeout: 180_000 }, async () => {
    const charges = await walked((text, file) => (file === "appointment-payment.yaml" ? text.replace("status: booked, ", "") : text), 20_000, ["payments"]);
    expect(charges.lines).toEqual([{ system: "payments", delivered: 3, refused: 1, filtered: 0, dead: 1, ok: false }]);
    await example?.close();
    const quiet = await walked((text, file) => (file === "visit-analytics.yaml" ? text.replace("types: [ADT^A04]", "types: [ADT^A05]") : text.replace("ADT^A04, ADT^A08", "ADT^A04, ADT^A05, ADT^A08")), 3_000, ["analytics"]);
    expect(quiet.lines[0]).toMatchObject({ system: "analytics", delivered: 0, ok: false });
  });

  it("is a command: a line a system, a picture of the boundary, and it ends by itself", { timeout: 180_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "sluice-demo-"));
    folders.push(folder);
    const asked = async (...flags: string[]) => {
      const terminal = sampleTerminal({ cwd: folder });
      return { code: await main(["demo", ...flags], terminal), out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
    };
    const json = await asked("--json", "--out", "map.svg");
    expect([json.code, json.err]).toEqual([0, ""]);
    const lines = json.out.split("\n").map((line) => JSON.parse(line) as SystemLine);
    expect(lines.map(({ system, ok }) => [system, ok])).toEqual(visit.map(({ system }) => [system, true]));
    expect(Object.keys(lines[0] ?? {})).toEqual(["system", "delivered", "refused", "filtered", "dead", "ok"]);
    expect(readFileSync(join(folder, "map.svg"), "utf8")).toContain("visit-insights");
    const text = await asked("--out", "again.svg");
    expect(text.code).toBe(0);
    expect(text.out).toContain("received");
    expect(text.out).toContain(join(folder, "again.svg"));
    expect(existsSync(join(folder, "again.svg"))).toBe(true);
    expect(text.out).not.toMatch(/90017734|TESTPATIENT|Testpatient|999-12-3456/);
    expect((await asked("--port", "1")).code).toBe(2);
    expect((await asked("--stay", "--out", "x.svg")).code).toBe(2);
  });
});
