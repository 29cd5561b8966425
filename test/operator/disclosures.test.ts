import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { eventually, sendMllp } from "../flow/engine-on-disk.ts";
import { oru } from "../flow/small-project.ts";
import { operated, type Operated } from "./operated.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const ends = (engine: Operated, name: string) => engine.disk.engine.operations.status().lanes.find((view) => view.lane === name)?.ends;
const ledger = (engine: Operated) => join(engine.disk.root, ".sluice/disclosures");
interface Line {
  readonly n: number;
  readonly record: Readonly<Record<string, unknown>>;
}
const lines = (engine: Operated) => readFileSync(join(ledger(engine), "000001.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Line);

test("who got what stands in the ledger before it left, and every question about it too", { timeout: 120_000 }, async () => {
  const engine = await operated((yaml, file) => (file === "partners.yaml" ? yaml.replace("basis: treatment\n        levels: [phi]\n        purposes: [TREAT]\n        effective: 2020-01-01\n        expires: 2099-12-31\n        timezone: America/New_York\n        document: { ref: contracts/WARD-1", "basis: public-health\n        levels: [phi]\n        purposes: [PUBHLTH]\n        effective: 2020-01-01\n        expires: 2099-12-31\n        timezone: America/New_York\n        document: { ref: contracts/WARD-1").replace("  ward:\n    kind: provider", "  ward:\n    kind: public-health\n    legalName: State Registry\n    address: 1 Capitol Square") : file === "results.yaml" ? yaml.replace("partner: ward\n    purpose: TREAT", "partner: ward\n    purpose: PUBHLTH") : yaml));
  open.push(engine);
  const ehr = await engine.answer("ehr");
  const ward = await engine.answer("ward");
  for (const id of ["C.1", "C.2", "C.3"]) await sendMllp(engine.ports.source, oru(id));
  await eventually(() => ends(engine, "results/ward")?.delivered === 3 && ends(engine, "results/ehr")?.delivered === 3);

  const accounting = await engine.cli("disclosures", "patient", "--id", "4711", "--purpose", "PATRQT", "--json");
  const mrn = /PID\|[^|]*\|[^|]*\|([^^|]+)/.exec(oru("C.1"))?.[1] ?? "";
  expect(accounting).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(accounting.out)).toMatchObject({ disclosures: [] });
  const asked = await engine.cli("disclosures", "patient", "--id", mrn, "--purpose", "PATRQT");
  expect(asked.out).toContain("State Registry, 1 Capitol Square");
  expect(asked.out).toMatch(/3 times, first .*\n {2}what {5}ORU\^R01\n {2}purpose {2}PUBHLTH, public-health/);
  expect(asked.out).toMatch(/3 disclosures that need not be/);
  expect((await engine.cli("disclosures", "patient", "--id", mrn, "--purpose", "PATRQT", "--all")).out).toContain("treatment, payment or operations");

  await engine.cli("message", "show", "m1", "--unmask", "--purpose", "TREAT");
  await engine.cli("message", "export", "m2", "--out", "export", "--purpose", "HOPERAT");
  await eventually(() => lines(engine).some(({ record }) => record["as"] === "export"));
  const report = await engine.cli("disclosures", "report", "--partner", "ward", "--purpose", "HOPERAT");
  expect(report.out).toMatch(/Disclosures to ward \(State Registry, 1 Capitol Square\), public-health\n.*: 3 messages about 1 patients/);
  expect(report.out).toMatch(/3 × phi under WARD-1 \(public-health\) for PUBHLTH/);
  expect(report.out).toMatch(/WARD-1 \(public-health\) from 2020-01-01 to 2099-12-31, America\/New_York: phi; document sha256 0{64}/);
  expect(report.out).toMatch(/Looks at contents, and exports\n {2}.* show for TREAT by .*: 1\n {2}.* export for HOPERAT by .*: 1/);
  const events = (await engine.cli("disclosures", "export", "--balp", "--purpose", "HOPERAT")).out.split("\n").map((line) => JSON.parse(line) as { agent: unknown[]; entity: { role: { code: string } }[] });
  expect(events).toHaveLength(6);
  for (const event of events) expect(event.entity.filter(({ role }) => role.code === "1")).toHaveLength(1);
  expect(events[0]).toMatchObject({ resourceType: "AuditEvent", type: { code: "110106" }, action: "R", subtype: [{ code: "disclose" }], outcome: "0", agent: [{ type: { coding: [{ code: "110153" }] } }, { type: { coding: [{ code: "110152" }] } }, {}] });

  // Without an engine the record is asked itself, and what was asked before is in the ledger.
  await engine.halt();
  expect(await engine.cli("message", "show", "m3", "--unmask", "--purpose", "TREAT")).toMatchObject({ code: 0, err: "" });
  expect((await engine.cli("disclosures", "report", "--partner", "ehr", "--purpose", "HOPERAT", "--json")).code).toBe(0);
  const records = lines(engine).map(({ record }) => record);
  expect(records.filter(({ kind }) => kind === "query").map(({ what, partner }) => `${what} ${partner ?? ""}`.trim())).toEqual(["patient", "patient", "patient", "partner ward", "export", "partner ehr"]);
  expect(records.filter(({ kind }) => kind === "access").map(({ as, message }) => `${as} ${message}`)).toEqual(["show 1", "export 2", "show 3"]);

  // Each delivery that arrived has an intent before its outcome, and nothing of a patient stands there.
  const numbered = lines(engine);
  for (const lane of ["results/ehr", "results/ward"]) {
    const intents = numbered.filter(({ record }) => record["kind"] === "intent" && record["lane"] === lane);
    const outcomes = numbered.filter(({ record }) => record["kind"] === "outcome" && record["lane"] === lane);
    expect(intents.map(({ record }) => record["message"])).toEqual([1, 2, 3]);
    expect(outcomes.map(({ record }) => record["of"])).toEqual(intents.map(({ n }) => n));
    for (const [i, { n }] of outcomes.entries()) expect(n).toBeGreaterThan(intents[i]?.n ?? n);
  }
  expect([ehr.count, ward.count]).toEqual([3, 3]);
  // The point keeps the control id from standing in a base64 hash by chance.
  const whole = readFileSync(join(ledger(engine), "000001.jsonl"), "utf8");
  for (const secret of ["EXEMPLAR", "C.1"]) expect(whole.includes(secret)).toBe(false);
  // Six digits may stand by chance in a moment or in a hash; as a number of its own they may not.
  expect(whole).not.toMatch(new RegExp(`\\b${mrn}\\b`));
});

test("a copy is verified with the public key alone; what was changed, cut or rolled back is found", { timeout: 120_000 }, async () => {
  const engine = await operated((yaml, file) => (file === "sluice.yaml" ? `${yaml}disclosures: { anchor: anchor }\n` : yaml));
  open.push(engine);
  await engine.answer("ward");
  await sendMllp(engine.ports.source, oru("C1"));
  await eventually(() => ends(engine, "results/ward")?.delivered === 1);
  const key = (await engine.cli("disclosures", "key")).out;
  expect(key).toMatch(/^ed25519:/);
  await engine.restart();
  const copies = mkdtempSync(join(tmpdir(), "sluice-copy-"));
  open.push({ close: async () => rmSync(copies, { recursive: true }) });
  cpSync(ledger(engine), join(copies, "older"), { recursive: true });
  await sendMllp(engine.ports.source, oru("C2"));
  await eventually(() => ends(engine, "results/ward")?.delivered === 2);
  await engine.halt();
  cpSync(ledger(engine), join(copies, "now"), { recursive: true });
  const checkpoint = join(copies, "checkpoint.json");
  writeFileSync(checkpoint, (await engine.cli("disclosures", "anchor")).out);
  const verify = (name: string, ...more: string[]) => engine.cli("disclosures", "verify", "--dir", join(copies, name), "--key", key, ...more);
  expect(await verify("now", "--anchor", checkpoint)).toMatchObject({ code: 0, out: expect.stringContaining("whole: nothing was changed") });
  expect(JSON.parse((await verify("now", "--json")).out)).toMatchObject({ ok: true, problems: [], unsigned: 0 });
  expect(await verify("older", "--anchor", checkpoint)).toMatchObject({ code: 1, out: expect.stringContaining("STO-516") });
  const [anchored = ""] = (await import("node:fs")).readdirSync(join(engine.disk.root, "anchor"));
  expect(await verify("older", "--anchor", join(engine.disk.root, "anchor", anchored))).toMatchObject({ code: 1 });
  const file = join(copies, "now", "000001.jsonl");
  writeFileSync(file, readFileSync(file, "utf8").replace('"partner":"ward"', '"partner":"nobody"'));
  expect(await verify("now")).toMatchObject({ code: 1, out: expect.stringMatching(/^000001\.jsonl:\d+ STO-511 a line of the ledger was changed/) });
  expect(await engine.cli("disclosures", "verify", "--dir", join(copies, "now"))).toMatchObject({ code: 2 });
  expect(await engine.cli("disclosures", "verify", "--dir", join(copies, "now"), "--key", "nothing")).toMatchObject({ code: 1, err: expect.stringContaining("DIS-102") });
  expect(await engine.cli("disclosures", "verify", "--dir", join(copies, "gone"), "--key", key)).toMatchObject({ code: 1, err: expect.stringContaining("DIS-101") });

  // A ledger that was lost stops the engine, and a person begins another one.
  expect(await engine.cli("disclosures", "begin", "--yes")).toMatchObject({ code: 1, err: expect.stringContaining("DIS-105") });
  rmSync(ledger(engine), { recursive: true });
  await expect(engine.disk.restart()).rejects.toMatchObject({ code: "STO-501" });
  expect(await engine.cli("disclosures", "begin")).toMatchObject({ code: 2 });
  expect(await engine.cli("disclosures", "begin", "--yes")).toMatchObject({ code: 0 });
  await engine.disk.restart();
  await engine.disk.engine.close();
  expect(lines(engine)[0]?.record).toMatchObject({ kind: "begin", after: { n: expect.any(Number), ledger: expect.any(String) } });
  expect(await engine.cli("disclosures", "renew-key")).toMatchObject({ code: 0, out: expect.stringMatching(/^ed25519:/) });
});
