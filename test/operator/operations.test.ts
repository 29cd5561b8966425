import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "vitest";
import { eventually, sendMllp } from "../flow/engine-on-disk.ts";
import { channelYaml, oru } from "../flow/small-project.ts";
import { operated, type Operated } from "./operated.ts";

const open: Operated[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function started(change?: Parameters<typeof operated>[0]): Promise<Operated> {
  const engine = await operated(change);
  open.push(engine);
  return engine;
}

const ward = (engine: Operated) => engine.disk.engine.operations.status().lanes.find(({ lane }) => lane === "results/ward");
/** One attempt and it is dead. */
const atOnce = (yaml: string, file: string) => (file === "results.yaml" ? yaml.replaceAll("attempts: 3", "attempts: 1") : yaml);
/** It is tried without end, and not soon again. */
const patient = (yaml: string, file: string) => (file === "results.yaml" ? yaml.replaceAll("attempts: 3, initial: 10ms, max: 50ms", "attempts: 0, initial: 1h, max: 2h") : yaml);

async function fill(engine: Operated, count: number, prefix = "C"): Promise<void> {
  for (let n = 1; n <= count; n++) await sendMllp(engine.ports.source, oru(`${prefix}${n}`));
}

test("what died is looked at, put back at a rate, stopped half way, and goes on in its order", async () => {
  const engine = await started(atOnce);
  await engine.answer("ehr");
  await fill(engine, 12);
  await eventually(() => ward(engine)?.ends.dead === 12);
  const query = ["--lane", "results/ward", "--code", "LAN-101", "--settled-at", "1h"];
  const preview = await engine.cli("dead", "retry", ...query, "--preview");
  expect(preview.out).toMatch(/retry: 12 entries of 12 messages[\s\S]*at dead LAN-101: 12[\s\S]*m1 results\/ward dead LAN-101/);
  expect(ward(engine)?.ends.dead).toBe(12);
  expect(await engine.cli("dead", "retry", ...query)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect(await engine.cli("dead", "retry")).toMatchObject({ code: 2 });
  const arrivals = await engine.answer("ward");
  const stop = new AbortController();
  const retrying = engine.follow(stop.signal, "dead", "retry", ...query, "--rate", "2/s", "--yes");
  await eventually(() => arrivals.count >= 4);
  stop.abort();
  expect(await retrying.done).toBe(1);
  const done = Number(/stopped: (\d+) of 12 put back; (\d+) were not touched/.exec(retrying.outs.join("\n"))?.[1]);
  expect(done).toBeGreaterThanOrEqual(4);
  expect(done).toBeLessThan(9);
  await eventually(() => arrivals.count === done && ward(engine)?.ends.delivered === done);
  expect(ward(engine)?.ends).toMatchObject({ dead: 12 - done, delivered: done });
  expect((await engine.cli("dead", "jobs")).out).toMatch(/retry +stopped +\d+\/12/);
  expect(await engine.cli("dead", "retry", ...query, "--yes")).toMatchObject({ code: 0, out: expect.stringContaining(`${12 - done} of ${12 - done} put back`) });
  await eventually(() => ward(engine)?.ends.delivered === 12);
  expect(arrivals.all().map(({ body }) => body.split("|")[9])).toEqual(Array.from({ length: 12 }, (_, i) => `C${i + 1}`));
  expect(engine.disk.engine.operations.status().conservationGap).toBe(0);
});

test("a job can be paused and resumed; one that the end of its engine cut off says where it stood and goes on", async () => {
  const engine = await started(atOnce);
  await fill(engine, 8);
  await eventually(() => ward(engine)?.ends.dead === 8);
  const arrivals = await engine.answer("ward");
  expect((await engine.cli("dead", "retry", "--lane", "results/ward", "--rate", "2/s", "--yes", "--detach")).out).toContain("job 1 works");
  await eventually(() => arrivals.count >= 2);
  expect((await engine.cli("dead", "jobs", "pause", "1")).code).toBe(0);
  await eventually(() => engine.disk.engine.operations.jobs.find(1).state === "paused");
  // What was put back before that has arrived.
  await eventually(() => ward(engine)?.depth === 0);
  const paused = arrivals.count;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(arrivals.count).toBe(paused);
  expect((await engine.cli("dead", "jobs", "resume", "1")).code).toBe(0);
  await eventually(() => arrivals.count > paused);
  await engine.restart();
  expect((await engine.cli("dead", "jobs")).out).toMatch(/1 +retry +interrupted +\d\/8/);
  expect(await engine.cli("dead", "jobs", "watch", "1")).toMatchObject({ code: 1 });
  expect((await engine.cli("dead", "jobs", "resume", "1")).code).toBe(0);
  expect(await engine.cli("dead", "jobs", "watch", "1")).toMatchObject({ code: 0, out: expect.stringContaining("done: 8 of 8") });
  await eventually(() => arrivals.count === 8);
});

test("giving up in bulk needs a reason, which is kept sealed with each message and shown for a purpose", async () => {
  const engine = await started(atOnce);
  await fill(engine, 3);
  await eventually(() => ward(engine)?.ends.dead === 3);
  expect(await engine.cli("dead", "discard", "--lane", "results/ward", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
  expect(await engine.cli("dead", "discard", "--lane", "results/ward", "--reason", "Ada was phoned", "--yes")).toMatchObject({ code: 0 });
  expect(ward(engine)?.ends).toMatchObject({ dead: 0, cancelled: 3 });
  expect((await engine.cli("message", "show", "m2", "--contents")).out).not.toContain("Ada");
  expect((await engine.cli("message", "show", "m2", "--unmask", "--purpose", "OPERATIONS")).out).toContain("Ada was phoned");
  expect([...engine.disk.log, readFileSync(join(engine.disk.root, ".sluice/jobs/1.json"), "utf8")].join()).not.toContain("Ada");
});

test("a paused lane sends nothing, says why, through a restart, until it is resumed; so does everything to a held partner", async () => {
  const engine = await started();
  await engine.answer("ehr");
  const arrivals = await engine.answer("ward");
  expect(await engine.cli("lane", "pause", "results/ward")).toMatchObject({ code: 2 });
  expect(await engine.cli("lane", "pause", "results/ward", "--reason", "the ward moves house")).toMatchObject({ code: 0 });
  await fill(engine, 2);
  const ehr = () => engine.disk.engine.operations.status().lanes.find(({ lane }) => lane === "results/ehr");
  await eventually(() => ehr()?.ends.delivered === 2);
  await engine.restart();
  expect((await engine.cli("lane", "list", "--stopped")).out).toMatch(/results\/ward +ward +2 .*paused by a person since .*: the ward moves house/);
  expect((await engine.cli("top")).out).toMatch(/▲ results\/ward .*paused/);
  expect(JSON.stringify(engine.disk.engine.operations.status())).not.toContain("moves house");
  expect(arrivals.count).toBe(0);
  expect(await engine.cli("lane", "hold", "ward")).toMatchObject({ code: 0 });
  expect(await engine.cli("lane", "resume", "results/ward")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-211") });
  await engine.restart();
  await sendMllp(engine.ports.source, oru("C3"));
  expect(await engine.cli("lane", "release", "ward")).toMatchObject({ code: 0 });
  expect(arrivals.count).toBe(0);
  expect(await engine.cli("lane", "resume", "results/ward")).toMatchObject({ code: 0 });
  await eventually(() => arrivals.count === 3);
  expect(arrivals.all().map(({ body }) => body.split("|")[9])).toEqual(["C1", "C2", "C3"]);
  expect(await engine.cli("lane", "release", "ward")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-208") });
  expect(await engine.cli("lane", "hold", "lab")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-209") });
  expect(await engine.cli("lane", "pause", "results/nobody", "--reason", "x")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-201") });
});

test("one stuck message is cancelled with a reason, and the rest goes on; a retry is hurried", async () => {
  const engine = await started(patient);
  await fill(engine, 3);
  await eventually(() => ward(engine)?.status.kind === "retrying");
  expect((await engine.cli("lane", "show", "results/ward")).out).toMatch(/retry after 1 attempt: NET-205, next at[\s\S]*first in line m1/);
  expect((await engine.cli("message", "show", "--control-id", "C2")).out).toMatch(/results\/ward: still in flight.*its lane: retry 1 in \d+ s/);
  const arrivals = await engine.answer("ward");
  expect(await engine.cli("lane", "cancel", "results/ward", "m1")).toMatchObject({ code: 2 });
  expect(await engine.cli("lane", "cancel", "results/ward", "m1", "--reason", "sent by phone")).toMatchObject({ code: 0 });
  await eventually(() => ward(engine)?.ends.delivered === 2);
  expect([arrivals.count, ward(engine)?.ends.cancelled]).toEqual([2, 1]);
  await engine.silence("ward");
  await sendMllp(engine.ports.source, oru("C4"));
  await eventually(() => ward(engine)?.status.kind === "retrying");
  await engine.answer("ward");
  expect(await engine.cli("lane", "retry-now", "results/ward")).toMatchObject({ code: 0 });
  await eventually(() => ward(engine)?.ends.delivered === 3);
});

test("what waits is cancelled in bulk, looked at first", async () => {
  const engine = await started(patient);
  await fill(engine, 5);
  await eventually(() => ward(engine)?.status.kind === "retrying");
  expect((await engine.cli("lane", "cancel", "--lane", "results/ward", "--preview")).out).toContain("cancel: 5 entries of 5 messages");
  expect(await engine.cli("lane", "cancel", "--lane", "results/ward", "--reason", "the ward is closed", "--yes", "--json")).toMatchObject({ code: 0 });
  await eventually(() => ward(engine)?.ends.cancelled === 5);
  expect(engine.disk.engine.operations.status().conservationGap).toBe(0);
});

test("a replay goes to the chosen destination alone, marked by a reason", async () => {
  const engine = await started();
  const [ehr, wardSeen] = [await engine.answer("ehr"), await engine.answer("ward")];
  await fill(engine, 4);
  await eventually(() => wardSeen.count === 4 && ehr.count === 4);
  await eventually(() => engine.disk.engine.operations.status().lanes.every(({ ends }) => ends.delivered === 4));
  expect(await engine.cli("replay", "--channel", "results", "--since", "1h")).toMatchObject({ code: 2, err: expect.stringContaining("--to") });
  expect(await engine.cli("replay", "--channel", "results", "--since", "1h", "--to", "results/ward", "--yes")).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
  expect(await engine.cli("replay", "m1", "--to", "results/nobody", "--reason", "x", "--yes")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-201") });
  const done = await engine.cli("replay", "--channel", "results", "--since", "1h", "--to", "results/ward", "--reason", "the ward lost them", "--yes", "--json");
  expect(JSON.parse(done.out)).toMatchObject({ state: "done", total: 4, done: 4, to: ["results/ward"] });
  await eventually(() => wardSeen.count === 8);
  expect(ehr.count).toBe(4);
  expect(wardSeen.all().slice(4).map(({ body }) => body.split("|")[9])).toEqual(["C1", "C2", "C3", "C4"]);
  expect(await engine.cli("replay", "m2", "--to", "results/ehr", "--reason", "again", "--yes")).toMatchObject({ code: 0 });
  await eventually(() => ehr.count === 5);
  expect(engine.disk.engine.operations.status().conservationGap).toBe(0);
});

test("an edit is tried over what was received: paths and outcomes, values for a purpose and on record, and nothing leaves", async () => {
  const engine = await started();
  const [ehr, wardSeen] = [await engine.answer("ehr"), await engine.answer("ward")];
  await fill(engine, 6);
  await eventually(() => engine.disk.engine.operations.status().lanes.every(({ ends }) => ends.delivered === 6));
  expect(await engine.cli("replay", "--dry-run", "--revision", "working", "--channel", "results")).toMatchObject({ code: 0, out: expect.stringContaining("which are what runs") });
  const edited = channelYaml(engine.ports, 'msg.set("PID-5.1", "ALTERED"); msg.set("PID-8", "");').replace('name: [{ family: msg.get("PID-5.1") }]', 'name: [{ family: msg.get("PID-5.1"), given: [msg.get("PID-5.2")] }]').replace("    mllp: { timeout: 20s }", "    clinical: { exceptions: [{ name: renamed, allows: [CLN-111], reason: tried, approved: { by: test, date: 2026-01-01 } }] }\n    mllp: { timeout: 20s }");
  writeFileSync(join(engine.disk.root, "results.yaml"), edited);
  const told = await engine.cli("replay", "--dry-run", "--revision", "working", "--channel", "results", "--last", "5");
  expect(told.code).toBe(1);
  expect(told.out).toMatch(/ward: 5 differ[\s\S]*sent → sent: 5[\s\S]*PID-5\.1 +5 +0 +0/);
  expect(told.out).toMatch(/PID-8 +0 +0 +5/);
  expect(told.out).toMatch(/ehr: 5 differ[\s\S]*\/entry\/\*\/resource\/name\/\*\/given\/\* +0 +5 +0/);
  for (const value of ["EXEMPLAR", "ALTERED", "ADA"]) expect(told.out).not.toContain(value);
  expect((await engine.cli("message", "views")).out).toContain("nobody");
  const values = await engine.cli("replay", "--dry-run", "--channel", "results", "--last", "2", "--unmask", "--purpose", "HOPERAT");
  expect(values.out).toMatch(/PID-5\.1: EXEMPLAR → ALTERED/);
  expect((await engine.cli("message", "views", "m6")).out).toMatch(/m6 +HOPERAT +compare/);
  writeFileSync(join(engine.disk.root, "results.yaml"), edited.replace('"ALTERED");', '"ALTERED"); if (msg.get("MSH-10") === "C3") throw new Error("x");'));
  expect((await engine.cli("replay", "--dry-run", "--channel", "results")).out).toMatch(/sent → dead SBX-201: 1/);
  writeFileSync(join(engine.disk.root, "results.yaml"), `${edited}nonsense: true\n`);
  expect(await engine.cli("replay", "--dry-run", "--channel", "results")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-101") });
  expect([ehr.count, wardSeen.count]).toEqual([6, 6]);
  expect(engine.disk.engine.operations.messages({ limit: 10 }).length).toBe(6);
});

test("tokens of a tried edit are kept by nobody, and those that the record has stay", async () => {
  const counts = (value: string) => `  counts:
    partner: ehr
    sends: none
    purpose: TREAT
    transform: |
      return { kind: "${value}" };
    only:
      kind: { enum: [old, new] }
      patient: { surrogate: PID-3.1 }
    http: { endpoint: api, method: POST }
`;
  const engine = await started();
  const ehr = await engine.answer("ehr");
  await engine.answer("ward");
  await fill(engine, 1);
  await eventually(() => ehr.count === 1);
  const write = (value: string) => writeFileSync(join(engine.disk.root, "results.yaml"), channelYaml(engine.ports) + counts(value));
  const tokens = () => {
    const db = new DatabaseSync(join(engine.disk.root, ".sluice/record.db"), { readOnly: true });
    const { n } = db.prepare("SELECT count(*) AS n FROM surrogates").get() as { n: number };
    db.close();
    return n;
  };
  write("old");
  expect((await engine.cli("replay", "--dry-run", "--channel", "results")).out).toMatch(/counts: 1 differ[\s\S]*not for this destination → sent: 1/);
  // What is minted is committed with what comes after it.
  await fill(engine, 1, "D");
  expect(tokens()).toBe(0);
  await engine.restart();
  await fill(engine, 1, "E");
  await eventually(() => tokens() === 1);
  write("new");
  const { out } = await engine.cli("replay", "--dry-run", "--channel", "results", "--last", "1");
  expect(out).toMatch(/\/kind +1 +0 +0/);
  expect(out).not.toContain("/patient");
});

test("an export is masked, or for a purpose the very bytes; never over a file, never for everybody to read", async () => {
  const engine = await started();
  await engine.answer("ward");
  await sendMllp(engine.ports.source, oru("C1"));
  await eventually(() => ward(engine)?.ends.delivered === 1);
  expect(await engine.cli("message", "export", "m1")).toMatchObject({ code: 2, err: expect.stringContaining("--out") });
  expect(await engine.cli("message", "export", "--out", "all")).toMatchObject({ code: 2 });
  expect(await engine.cli("message", "export", "m1", "--out", "masked")).toMatchObject({ code: 0, out: expect.stringContaining("masked") });
  const masked = readdirSync(join(engine.disk.root, "masked"));
  expect(masked).toEqual(expect.arrayContaining(["m1.raw.hl7", "m1.sent-results-ward.hl7"]));
  for (const file of masked) {
    expect(readFileSync(join(engine.disk.root, "masked", file), "utf8")).not.toMatch(/EXEMPLAR|900123/);
    expect(statSync(join(engine.disk.root, "masked", file)).mode & 0o777).toBe(0o600);
  }
  expect(await engine.cli("message", "export", "m1", "--out", "clear", "--unmask")).toMatchObject({ code: 2, err: expect.stringContaining("--purpose") });
  expect(await engine.cli("message", "export", "--channel", "results", "--out", "clear", "--unmask", "--purpose", "TREAT")).toMatchObject({ code: 0 });
  expect(readFileSync(join(engine.disk.root, "clear/m1.raw.hl7"), "utf8")).toBe(oru("C1"));
  expect(await engine.cli("message", "export", "m1", "--out", "clear", "--purpose", "TREAT")).toMatchObject({ code: 1, err: expect.stringContaining("CLI-131") });
  expect((await engine.cli("message", "views", "m1", "--json")).out.split("\n").map((line) => JSON.parse(line) as object)[0]).toMatchObject({ message: 1, purpose: "TREAT", as: "export", parts: expect.arrayContaining(["raw"]) });
});

test("a drain closes what comes in, waits for the lanes, and opens again", async () => {
  const engine = await started(patient);
  await engine.answer("ehr");
  await fill(engine, 2);
  await eventually(() => ward(engine)?.status.kind === "retrying");
  const { intake } = engine.disk.engine.operations;
  const stuck = await engine.cli("lane", "drain", "--all", "--within", "1s");
  expect(await intake.close(["results"])).toEqual([]);
  expect(stuck).toMatchObject({ code: 1, out: expect.stringMatching(/results\/ward: 2 still in flight.*retry after/) });
  await expect(sendMllp(engine.ports.source, oru("C3"))).rejects.toThrow();
  await engine.answer("ward");
  await engine.cli("lane", "retry-now", "--channel", "results");
  expect(await engine.cli("lane", "drain", "results")).toMatchObject({ code: 0, out: expect.stringContaining("nothing in flight") });
  expect(await engine.cli("lane", "open", "results")).toMatchObject({ code: 0 });
  expect(await sendMllp(engine.ports.source, oru("C3"))).toContain("MSA|AA|C3");
});

test("what an engine left is found when it does not run; what only an engine can do says so", async () => {
  const engine = await started(atOnce);
  await engine.answer("ehr");
  await fill(engine, 2);
  await eventually(() => ward(engine)?.ends.dead === 2);
  await engine.halt();
  expect((await engine.cli("message", "list", "--partner", "ward", "--state", "dead", "--since", "1h", "--json")).out.split("\n").length).toBe(2);
  expect((await engine.cli("message", "list", "--partner", "ward")).out).not.toContain("ehr");
  expect((await engine.cli("dead", "list", "--partner", "ward", "--code", "LAN-101")).out).toMatch(/results\/ward +m2 +dead +LAN-101/);
  expect((await engine.cli("message", "show", "--control-id", "C2")).out).toMatch(/m2 on results[\s\S]*results\/ward: dead, 1 attempt: LAN-101/);
  expect(await engine.cli("message", "list", "--partner", "nobody")).toMatchObject({ code: 1, err: expect.stringContaining("RUN-201") });
  for (const argv of [["lane", "list"], ["dead", "retry", "--lane", "results/ward", "--yes"], ["tail"], ["replay", "m1", "--to", "results/ward", "--reason", "x", "--yes"]]) {
    expect(await engine.cli(...argv)).toMatchObject({ code: 1, err: expect.stringContaining("CLI-101") });
  }
});

test("times and names that are none are wrong calls, before anything is asked", async () => {
  const engine = await started();
  for (const argv of [
    ["message", "list", "--since", "soon"], ["message", "list", "--at", "02:13", "--since", "1h"], ["message", "list", "--code", "oops"], ["dead", "retry", "--lane", "x/y", "--rate", "fast"],
    ["lane", "list", "--sort", "colour"], ["lane", "list", "--state", "lost"], ["top", "--sort", "colour"], ["lane", "drain"], ["replay", "--dry-run"], ["replay", "--dry-run", "--channel", "results", "--revision", "old"],
    ["lane", "hold"], ["lane", "hold", "ward", "--reason", "x"], ["message", "show"], ["keys", "list", "extra"], ["message", "export", "m1", "--out", "x", "--purpose", "curiosity"],
  ]) expect([argv, (await engine.cli(...argv)).code]).toEqual([argv, 2]);
});
