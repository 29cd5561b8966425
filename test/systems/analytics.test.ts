import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Certificates } from "../../engine/runtime/net/certificates.fixture.ts";
import { planted } from "../simulators/planted.ts";
import { visitOf } from "../simulators/visit/senders.ts";
import { exampleProject, type ExampleProject } from "./example-project.ts";
import { noPostgres, postgresServer } from "./postgres-server.ts";
import type { SqlServer } from "./sql-server.ts";

interface Registration {
  readonly id: string;
  readonly mrn?: string;
  readonly born?: string;
  readonly zip?: string;
  readonly sex?: string;
  /** `YYYYMMDD` */
  readonly admitted?: string;
  readonly department?: string;
}

/** A registration by hand; patient 90017734 is the one whom the simulators look for. */
function registration({ id, mrn = "90017734", born = "19640229", zip = "01101", sex = "F", admitted = "20260301", department = "ED" }: Registration): string {
  return [
    `MSH|^~\\&|NSADT|NORTHSIDE|SLUICE|NORTHSIDE|${admitted}081502-0500||ADT^A04^ADT_A01|${id}|T|2.5.1|||AL|NE||UNICODE UTF-8`,
    `EVN|A04|${admitted}081502-0500`,
    `PID|1||${mrn}^^^NORTHSIDE&2.16.840.1.113883.19.5&ISO^MR||TESTPATIENT^ALMA^Q^^^^L||${born}|${sex}|||12 EXAMPLE STREET^^SPRINGFIELD^MA^${zip}^USA^H||^PRN^PH^^1^413^5550143|||||ACC5520981|999-12-3456`,
    `PV1|1|E|${department}^04^A^NORTHSIDE||||1987654321^EXAMPLE^ATTENDING^^^DR^MD^^NPI|||MED||||7|||||VN8830012|||||||||||||||||||||||||${admitted}081502-0500`,
    "",
  ].join("\r");
}

describe("analytics", () => {
  let example: ExampleProject;
  beforeAll(async () => void (example = await exampleProject()));
  // What a test that failed has left under way is not the next one's.
  beforeEach(() => example.settled());
  afterAll(() => example?.close());

  /** No registration is a repeat of another, in a test that is tried again either. */
  let sent = 0;

  async function register(...all: readonly Registration[]): Promise<void> {
    for (const each of all) expect(await visitOf(example).mllp(2576, registration({ ...each, id: `${each.id}-${++sent}` }))).toMatch(/^[AC]A$/);
    await example.settled();
  }
  const bodies = (name: "analytics" | "covered", at: string) => example.peers.received(name).filter(({ path }) => path.startsWith(at)).map(({ body }) => body);
  const events = () => bodies("analytics", "/events").map((body) => JSON.parse(body) as Record<string, unknown>);
  const batches = () => bodies("analytics", "/benchmarks").map((body) => JSON.parse(body) as Record<string, unknown>[]);

  it("events: an HTTP request a visit, with codes of a table and a random token", async () => {
    await register({ id: "AN-1" });
    expect(events().at(-1)).toEqual({ event: "visit", visit_type: "emergency", department: "acute-care", visitor: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it("batches: visits that wait together go as one list", async () => {
    const before = batches().length;
    await register(...Array.from({ length: 20 }, (_, i) => ({ id: `AN-B${i}`, mrn: `7${i}` })));
    const fresh = batches().slice(before);
    expect(fresh.flat()).toHaveLength(20);
    expect(fresh.length).toBeLessThan(20);
    for (const row of fresh.flat()) expect(row).toEqual({ event: "visit", department: "acute-care", visitor: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  it("surrogates: the same patient is one token for one recipient, in every message and over a restart, and another for the next", async () => {
    const token = async (id: string, mrn: string) => {
      await register({ id, mrn });
      return [events().at(-1)?.visitor, batches().at(-1)?.at(-1)?.visitor] as const;
    };
    const first = await token("AN-S1", "5001");
    expect(first[0]).not.toBe(first[1]);
    await example.restart();
    expect(await token("AN-S2", "5001")).toEqual(first);
    const other = await token("AN-S3", "5002");
    expect(new Set([...first, ...other]).size).toBe(4);
  });

  it("Safe Harbor: years, three digits of a ZIP code that many share, and no year that says an age over 89", async () => {
    await register({ id: "AN-H1" }, { id: "AN-H2", born: "19310502", zip: "03601" });
    const [known, old] = bodies("analytics", "/research").slice(-2).map((body) => JSON.parse(body) as Record<string, unknown>);
    expect(known).toEqual({ event: "visit", patient: expect.stringMatching(/^[0-9a-f]{32}$/), visit_year: 2026, birth_year: 1964, sex: "F", zip3: "011", class: "E" });
    expect(old).toEqual({ event: "visit", patient: known?.patient, visit_year: 2026, sex: "F", zip3: "000", class: "E" });
  });

  it("an expert's determination: whole messages whose dates have moved by the patient's own days, under keyed pseudonyms", async () => {
    const study = () => bodies("analytics", "/study");
    const before = study().length;
    await register({ id: "AN-E1", admitted: "20260301" }, { id: "AN-E2", admitted: "20260311" }, { id: "AN-E3", mrn: "6001", admitted: "20260311" });
    const [first, second, other] = study().slice(before).map((text) => {
      const field = (segment: string, n: number) => text.split("\r").find((line) => line.startsWith(segment))?.split("|")[n] ?? "";
      return { patient: field("PID", 3).split("^")[0], admitted: field("PV1", 44), born: field("PID", 7) };
    });
    const day = (text = "") => Date.parse(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`) / 86_400_000;
    expect(first?.patient).toMatch(/^\S{16,}$/);
    expect([second?.patient, other?.patient === first?.patient]).toEqual([first?.patient, false]);
    // What a study needs of dates is how far they are apart, and that is kept.
    expect(day(second?.admitted) - day(first?.admitted)).toBe(10);
    expect([day(first?.admitted), day(second?.admitted)]).toEqual([expect.any(Number), expect.any(Number)]);
    expect([day(first?.admitted) === day("20260301"), day(second?.admitted) === day("20260311"), first?.born === "19640229"]).toEqual([false, false, false]);
  });

  it("an expert's determination: another configuration than the one that was examined is refused by lint, with the hash that it has now", async () => {
    const change = await linted("visit-datasets.yaml", (text) => text.replace("dates: shift, ids: pseudonym", "dates: shift, ids: surrogate"));
    expect(change.code).toBe(1);
    expect(change.found).toEqual([expect.objectContaining({ code: "PHI-113", message: expect.stringMatching(/sha256:[0-9a-f]{64}/) })]);
    const recipient = await linted("partners.yaml", (text) => text.replace("recipients: [readmission-study]", "recipients: [somebody-else]"));
    expect(recipient.found.map(({ code }) => code)).toEqual(["PHI-113"]);
  });

  it("files: one for the visits of a while, seen whole, named by nothing of a patient", async () => {
    await register({ id: "AN-F1" }, { id: "AN-F2", mrn: "6002" });
    const year = new Date().getUTCFullYear();
    await expect.poll(() => example.peers.received("registry").length).toBeGreaterThan(0);
    const files = example.peers.received("registry");
    for (const { path, body } of files) {
      expect(path).toMatch(/^\/visits-\d{8}-[\w-]+\.json$/);
      for (const row of JSON.parse(body) as unknown[]) expect(row).toEqual({ event: "visit", patient: expect.stringMatching(/^[0-9a-f]{32}$/), visit_year: 2026, sex: "F", class: "E" });
    }
    // Dates of a year alone: neither the name of a file says the day of a visit.
    expect(files.filter(({ path }) => ![year - 1, year, year + 1].some((each) => path.startsWith(`/visits-${each}0101-`)))).toEqual([]);
  });

  it("a warehouse: a row a visit, by parameters alone", async () => {
    await register({ id: "AN-W1", sex: "M" });
    const database = new DatabaseSync(join(example.root, "out/warehouse.db"), { readOnly: true });
    const rows = database.prepare("select * from visits").all();
    database.close();
    expect(rows.at(-1)).toEqual({ message: expect.stringMatching(/\S/), patient: expect.stringMatching(/^[0-9a-f]{32}$/), visit_year: 2026, birth_year: 1964, sex: "M", zip3: "011" });
    expect(rows.length).toBe(example.engine.operations.status().lanes.find(({ lane }) => lane === "visit-datasets/warehouse")?.ends.delivered);
  });

  it("the same vendor under an agreement that covers it gets what it may have, and its other contract gets no more for that", async () => {
    await register({ id: "AN-C1" });
    expect(JSON.parse(bodies("covered", "/visits").at(-1) ?? "{}")).toEqual({ patient: "90017734", born: "19640229", department: "ED", visit: "VN8830012" });
    const [covered] = example.peers.received("covered");
    expect(covered?.headers["authorization"]).toBe(`Bearer ${example.secret("insights_token")}`);
    const crossed = await linted("visit-datasets.yaml", (text) => text.replace("partner: visit-insights-covered", "partner: visit-insights").replace("endpoint: visits, method: POST, auth: { bearer: \"${file:insights_token}\" }", "endpoint: events, method: POST"));
    expect([crossed.code, crossed.found.map(({ code }) => code)]).toEqual([1, expect.arrayContaining(["PHI-103"])]);
    const ended = await linted("partners.yaml", (text) => text.replace("id: BAA-INSIGHTS, basis: baa, levels: [phi], purposes: [HOPERAT], effective: 2026-01-01", "id: BAA-INSIGHTS, basis: baa, levels: [phi], purposes: [HOPERAT], effective: 2025-01-01, expires: 2025-12-31"));
    expect([ended.code, ended.found.map(({ code }) => code)]).toEqual([1, ["PHI-109"]]);
  });

  it.each([
    ["the complaint in words", ["      event: { const: visit }\n", "      event: { const: visit }\n      complaint: { type: string }\n"], "CFG-162"],
    ["the record number", ["      event: { const: visit }\n", "      event: { const: visit }\n      mrn: { copy: PID-3.1, as: mrn }\n"], "CFG-123"],
    ["a diagnosis of no table", ["      event: { const: visit }\n", "      event: { const: visit }\n      diagnosis: { coded: diagnoses }\n"], "CFG-163"],
    ["years and ZIP codes, as researchers get them", ["    sends: none\n", "    sends: deidentified\n"], "PHI-103"],
    ["the whole message", ["    sends: none\n", "    sends: phi\n"], "PHI-103"],
  ] as const)("the vendor asks for a new field, %s: lint says why not", async (_, [before, after], code) => {
    const { code: exit, found } = await linted("visit-analytics.yaml", (text) => text.replace(before, after));
    expect([exit, found.map((each) => each.code)]).toEqual([1, [code]]);
    expect(found[0]).toMatchObject({ file: "visit-analytics.yaml", line: expect.any(Number), message: expect.any(String) });
  });

  it("the vendor asks for the record number as if it were an opaque token: the gate says why not", async () => {
    const asked = await exampleProject((text, file) => (file === "visit-analytics.yaml" ? text.replace("      event: { const: visit }\n", "      event: { const: visit }\n      patient: { copy: PID-3.1, as: uuid }\n") : text));
    try {
      await visitOf(asked).mllp(2576, registration({ id: "AN-V1" }));
      await asked.settled();
      const entry = asked.engine.operations.messages({ lane: "visit-analytics/insights", limit: 1 })[0]?.entries.find(({ lane }) => lane === "visit-analytics/insights");
      expect(entry).toMatchObject({ state: "refused", code: "PHI-201" });
      expect(asked.peers.received("analytics").filter(({ path }) => path.startsWith("/events"))).toEqual([]);
    } finally {
      await asked.close();
    }
  });

  it("no identifier of anybody stands in the log, and everything has its end", () => {
    for (const value of planted) expect(example.log.join("\n")).not.toContain(value);
    expect(example.engine.operations.status().conservationGap).toBe(0);
  });

  interface Found {
    readonly code: string;
    readonly message: string;
    readonly file: string;
    readonly line: number;
  }

  /** What lint says of the example with one file changed, which is put back. */
  async function linted(file: string, change: (text: string) => string): Promise<{ readonly code: number; readonly found: readonly Found[] }> {
    const path = join(example.root, file);
    const text = readFileSync(path, "utf8");
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
    const { code, out } = await example.cli("lint", "--json").finally(() => writeFileSync(path, text));
    return { code, found: out.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Found) };
  }
});

describe("analytics into PostgreSQL", () => {
  let certificates: Certificates;
  let server: SqlServer;
  let example: ExampleProject;
  beforeAll(async () => {
    if (noPostgres) return;
    certificates = new Certificates();
    certificates.issue("db", certificates.authority("ca"), "DNS:localhost");
    server = await postgresServer({ cert: certificates.resolvePath("db.pem"), key: certificates.resolvePath("db.key") });
    server.run(readFileSync("channels/warehouse/visits.sql", "utf8"));
  }, 180_000);
  beforeEach(async () => {
    if (noPostgres) return;
    server.run("delete from visits");
    example = await exampleProject((text, file) => {
      if (file === "partners.yaml") {
        const endpoint = `{ id: warehouse, url: "postgres://localhost:${server.port}/clinic", login: { user: sluice, password: "\${file:warehouse_password}" }, tls: { ca: ${certificates.resolvePath("ca.pem")} } }`;
        const at = text.indexOf("  visit-warehouse:");
        return text.slice(0, at) + text.slice(at).replace('{ id: warehouse, url: "sqlite://./out/warehouse.db" }', endpoint).replace("outbound: { auth: none", "outbound: { auth: basic");
      }
      return file === "visit-datasets.yaml" ? text.replace("dialect: sqlite", "dialect: postgres").replace("values (?, ?, ?, ?, ?, ?)", "values ($1, $2, $3, $4, $5, $6)").replace("initial: 1s, max: 1m", "initial: 50ms, max: 200ms") : text;
    });
  });
  afterEach(() => example?.close());
  afterAll(async () => {
    await server?.close();
    certificates?.remove();
  });

  it.skipIf(noPostgres)("rows arrive once each, wait where the warehouse does not let us in, and hold nobody's identifier", async () => {
    const register = async (id: string, mrn = "90017734") => expect(await visitOf(example).mllp(2576, registration({ id, mrn }))).toMatch(/^[AC]A$/);
    await register("PG-1");
    // The server does not know the password that the example made for itself: the lane waits, and loses nothing.
    await expect.poll(() => example.log.join("\n")).toContain("DBS-101");
    expect(server.run("select count(*) from visits")).toBe("0");
    writeFileSync(join(example.root, "secrets/warehouse_password"), "pass\n");
    await register("PG-2");
    await register("PG-3", "50031977");
    await example.settled();
    expect(server.run("select visit_year, birth_year, sex, zip3 from visits").split("\n")).toEqual(Array(3).fill("2026|1964|F|011"));
    expect(server.run("select count(distinct patient), count(distinct message) from visits")).toBe("2|3");
    const all = server.run("select * from visits");
    for (const value of [...planted, "Testpatient", "50031977"]) expect(all).not.toContain(value);
  });
});
