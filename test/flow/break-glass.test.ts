import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { main } from "../../engine/cli/main.ts";
import { makeKey } from "../../engine/cli/person-key.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { accessRecord, controlPath, serveControl } from "../../engine/console/index.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import { fileSource, link, place, result } from "../files/folder-project.ts";
import { engineOnDisk, eventually } from "./engine-on-disk.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const day = 86_400_000;
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

test("an agreement ends while messages wait; two people let two of them through, everybody sees it, and the third goes on waiting", async () => {
  // The engine's clock begins before the end of the agreement, and comes to be that of the people who sign.
  let behind = 3 * day;
  const clock = { ...systemClock, now: () => systemClock.now() - behind };
  const keys = process.env["TMPDIR"] ?? "/tmp";
  const names = ["ada", "bert"].map((name) => ({ name, file: join(keys, `${name}-${process.pid}-${performance.now()}.pem`) }));
  const people = names.map(({ name, file }) => `  - { name: ${name}, key: "${makeKey("/", file)}" }`).join("\n");
  const files = {
    "sluice.yaml": `name: folders\nsandbox: { walls: reduced, timeout: 10s }\npeople:\n${people}\n`,
    "partners.yaml": `partners:
  sender: { kind: lab, links: { inbound: ${link} } }
  receiver:
    kind: provider
    breakGlass: true
    endpoints: [{ id: outbox, url: "file://./out" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, expires: ${dayOf(systemClock.now() - 2 * day)}, timezone: UTC }]
    links: { outbound: ${link} }
`,
    "first.yaml": `channel: first\nclassification: phi\n${fileSource()}\n  format: hl7v2\ndestinations:\n  box: { partner: receiver, purpose: TREAT, file: { name: "{sequence}.hl7" }, retry: { initial: 20ms, max: 50ms } }\n`,
    "in/.keep": "", "taken/.keep": "", "failed/.keep": "", "out/.keep": "",
  };
  const disk = await engineOnDisk(files, { clock });
  open.push(disk.close);
  const control = await serveControl({ operations: disk.engine.operations, path: controlPath(disk.engine.data), access: accessRecord(disk.engine.data, systemClock.now) });
  open.push(() => control.close());
  const sent = () => readdirSync(join(disk.root, "out")).filter((name) => name.endsWith(".hl7")).sort();
  const status = () => disk.engine.operations.status();
  const call = async (...words: string[]) => {
    const terminal = sampleTerminal({ cwd: disk.root });
    const exit = await main(["break-glass", ...words, "--project", disk.root, "--json"], terminal);
    return { exit, said: terminal.outs.join("\n"), errors: terminal.errs.join("\n") };
  };
  const as = (at: number) => ["--as", names[at]?.name ?? "", "--key", names[at]?.file ?? ""];

  behind = 0;
  for (const id of ["A", "B", "C"]) place(disk.root, `${id}.hl7`, result(id));
  await eventually(() => status().lanes[0]?.status.kind === "suspended" && status().lanes[0]?.depth === 3);
  expect(sent()).toEqual([]);

  const asked = await call("request", "--lane", "first/box", "--for", "1h", "--messages", "2", "--lifts", "agreement", "--reason", "patient-emergency", "--ticket", "INC-1", ...as(0));
  expect(asked).toMatchObject({ exit: 0, errors: "" });
  const { id } = JSON.parse(asked.said) as { id: string };
  expect(await call("approve", id, ...as(0))).toMatchObject({ exit: 1, errors: expect.stringContaining("RUN-245") });
  expect(sent()).toEqual([]);
  expect(await call("approve", id, ...as(1))).toMatchObject({ exit: 0 });
  await eventually(() => sent().length === 2);
  expect(readFileSync(join(disk.root, "out", sent()[0] ?? ""), "utf8")).toContain("|ORU^R01|A|");
  // Both are spent before they leave, and on record as delivered after that.
  await eventually(() => status().breakGlass[0]?.review === "due" && status().lanes[0]?.depth === 1);
  expect(sent()).toHaveLength(2);
  expect(disk.log.filter((line) => line.includes("break-glass-used"))).toHaveLength(2);
  expect(disk.log.join("\n")).not.toMatch(/EXEMPLAR|900123/);
});
