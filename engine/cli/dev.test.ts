import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { eventually, freePort, sendMllp } from "../../test/flow/engine-on-disk.ts";
import { main } from "./main.ts";
import { sampleTerminal } from "./sample-terminal.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A new project under `dev`, in a folder that keeps what is written. */
async function project() {
  mkdirSync(".sluice", { recursive: true });
  const folder = mkdtempSync(join(process.cwd(), ".sluice/dev-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  await main(["init", folder, "--yes", "--port", String(port)], sampleTerminal());
  const file = join(folder, "lab-results.yaml");
  const edit = (from: string, to: string) => writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
  return { folder, port, edit };
}

function dev(folder: string, ...argv: string[]) {
  const stop = new AbortController();
  const terminal = sampleTerminal({ signal: stop.signal });
  const ended = main(["dev", folder, "--port", "0", ...argv], terminal);
  const end = () => {
    stop.abort();
    return ended;
  };
  ends.push(end);
  const said = () => terminal.outs.join("\n");
  return { end, said, until: (text: string | RegExp) => eventually(() => said().search(text) >= 0) };
}

test("a save is reloaded and tried: what became different in each step, and nothing leaves", async () => {
  const { folder, port, edit } = await project();
  const { said, until, end } = dev(folder);
  await until("lab-results: a final result reaches the ward: ward delivered");
  edit('"WARD"', '"WARD2"');
  await until(/ward sent\s+delivered[\s\S]*~ MSH-5: WARD → WARD2/);
  expect(said()).toMatch(/reloaded in \d+ ms: changed lab-results/);
  expect(said()).toMatch(/filter\s+passes\s+lab-results\.yaml:\d+:\d+\s+as before/);
  expect(await sendMllp(port, readFileSync(join(folder, "fixtures/oru-final.hl7")))).toContain("MSA|AA");
  expect(await end()).toBe(0);
});

test("a mistake is said once, with its caret, and the channel runs on; mended, it is reloaded", async () => {
  const { folder, port, edit } = await project();
  const { said, until } = dev(folder);
  await until("ready");
  edit("msg.set(", "msg.set((");
  await until("SBX-101");
  edit("Final results", "All final results");
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(said().match(/SBX-101/g)).toHaveLength(1);
  expect(said()).toContain("^");
  expect(await sendMllp(port, readFileSync(join(folder, "fixtures/oru-final.hl7")))).toContain("MSA|AA");
  edit("msg.set((", "msg.set(");
  await until(/reloaded in \d+ ms/);
});

test("a project that cannot start yet is watched, and starts when it is mended", async () => {
  const { folder, edit } = await project();
  edit("partner: lab\n", "partner: lap\n");
  const { until } = dev(folder, "--json");
  await until('"event":"mistakes"');
  edit("partner: lap\n", "partner: lab\n");
  await until('"event":"ready"');
  await until('"event":"tried"');
});

test("what was received is shown for a purpose alone, and each look is recorded", async () => {
  const { folder, port, edit } = await project();
  const refused = sampleTerminal();
  expect(await main(["dev", folder, "--last"], refused)).toBe(2);
  expect(refused.errs.join()).toContain("--purpose");
  const { until } = dev(folder, "--last", "--purpose", "HSYSADMIN");
  await until("no message to try");
  await sendMllp(port, readFileSync(join(folder, "fixtures/oru-final.hl7")));
  edit('"WARD"', '"WARD2"');
  await until("m1, received last");
  const access = readFileSync(join(folder, ".sluice/access.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as object);
  expect(access).toEqual([expect.objectContaining({ message: 1, purpose: "HSYSADMIN" })]);
});
