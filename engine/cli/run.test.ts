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

test("a hangup takes over what changed on the disk; with a mistake everything runs on, and it is said", async () => {
  mkdirSync(".sluice", { recursive: true });
  const folder = mkdtempSync(join(".sluice", "run-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const [first, second] = [await freePort(), await freePort()];
  await main(["init", folder, "--yes", "--port", String(first)], sampleTerminal());
  const file = join(folder, "lab-results.yaml");
  const edit = (from: string, to: string) => writeFileSync(file, readFileSync(file, "utf8").replace(from, to));

  const stop = new AbortController();
  let hangUp = () => {};
  const terminal = sampleTerminal({ signal: stop.signal, onHangup: (handler) => (hangUp = handler) });
  const ended = main(["run", folder, "--port", "0"], terminal);
  ends.push(() => {
    stop.abort();
    return ended;
  });
  const said = () => terminal.errs.join("\n");
  await eventually(() => terminal.outs.join().includes("ready"));

  edit(String(first), String(second));
  hangUp();
  await eventually(() => said().includes('"event":"reloaded","added":[],"changed":["lab-results"]'));
  expect(await sendMllp(second, readFileSync(join(folder, "fixtures/oru-final.hl7")))).toContain("MSA|AA");

  edit("partner: lab\n", "partner: lap\n");
  hangUp();
  await eventually(() => said().includes('{"event":"not-reloaded","code":"RUN-101"}'));
  await eventually(() => said().includes('partner: lap'));
  expect(await sendMllp(second, readFileSync(join(folder, "fixtures/oru-preliminary.hl7")))).toContain("MSA|AA");
});
