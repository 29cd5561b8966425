import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Certificates } from "../../engine/runtime/net/certificates.fixture.ts";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";
import { mariadbServer, noMariadb } from "./mariadb-server.ts";
import { noPostgres, postgresServer } from "./postgres-server.ts";
import type { SqlServer } from "./sql-server.ts";

/** Through the whole engine into real databases and out of them; what arrived is what their own clients print. */
let certificates: Certificates;
let seen: Uint8Array;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-seen-"));
  const database = new DatabaseSync(join(folder, "seen.db"));
  database.exec("create table seen (message text unique, id integer, note text, amount text, big text, changed text)");
  database.close();
  seen = readFileSync(join(folder, "seen.db"));
  rmSync(folder, { recursive: true });
  certificates = new Certificates();
  certificates.issue("db", certificates.authority("ca"), "DNS:localhost");
});
afterAll(() => certificates.remove());

const kinds = [
  { dialect: "postgres", missing: noPostgres, start: postgresServer, scheme: "postgres", parameter: (n: number) => `$${n}`, conflict: "on conflict (message, line) do nothing", serial: "bigserial primary key", time: "timestamptz(6)" },
  { dialect: "mariadb", missing: noMariadb, start: mariadbServer, scheme: "mysql", parameter: () => "?", conflict: "on duplicate key update message = message", serial: "bigint auto_increment primary key", time: "datetime(6)" },
] as const;

let running: OnDisk | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

describe.each(kinds)("$dialect", ({ dialect, missing, start, scheme, parameter, conflict, serial, time }) => {
  let server: SqlServer;
  beforeAll(async () => {
    if (missing) return;
    server = await start({ cert: certificates.resolvePath("db.pem"), key: certificates.resolvePath("db.key") });
  }, 120_000);
  afterAll(() => server?.close());

  const project = (port: number, { password = "pass", tls = "tls: { ca: tls/ca.pem }", host = "localhost", at = server.port } = {}) => ({
    "sluice.yaml": "name: rows\ndata: .sluice\nconsole: { port: 8099 }\n",
    "secrets/db": password,
    "tls/ca.pem": readFileSync(certificates.resolvePath("ca.pem"), "utf8"),
    // The table is there before anything can arrive.
    "out/seen.db": seen,
    "partners.yaml": `partners:
  app:
    kind: internal
    links:
      inbound: { auth: none, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
  clinic:
    kind: provider
    endpoints:
      - { id: rows, url: "${scheme}://${host}:${at}/clinic", login: { user: sluice, password: "\${file:db}" }, ${tls} }
      - { id: seen, url: "sqlite://./out/seen.db" }
    agreements:
      - { id: TREAT, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }
    links:
      inbound: { auth: basic, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
      outbound: { auth: basic, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
`,
    "write.yaml": `channel: write
classification: phi
source:
  partner: app
  http: { port: ${port}, path: /visits }
  format: json
destinations:
  rows:
    partner: clinic
    purpose: TREAT
    database:
      endpoint: rows
      dialect: ${dialect}
      statement: insert into visits (message, line, patient, born, weight) values (${[1, 2, 3, 4, 5].map(parameter).join(", ")}) ${conflict}
      parameters: [$id, $index, patient.name, born?, weight?]
      timeout: 5s
    retry: { initial: 100ms, max: 200ms }
`,
    "read.yaml": `channel: read
classification: phi
source:
  partner: clinic
  database: { endpoint: rows, dialect: ${dialect}, query: "select id, changed, note, amount, big from outbox where id > ${parameter(1)}", checkpoint: id, rows: 3, poll: 100ms }
  format: json
destinations:
  seen:
    partner: clinic
    purpose: TREAT
    database: { endpoint: seen, dialect: sqlite, statement: "insert into seen (message, id, note, amount, big, changed) values (?, ?, ?, ?, ?, ?) on conflict do nothing", parameters: [$id, id, note, amount?, big, changed] }
    retry: { initial: 100ms, max: 200ms }
`,
  });

  const tables = () => {
    server.run("drop table if exists visits");
    server.run("drop table if exists outbox");
    server.run("create table visits (message varchar(64), line integer, patient varchar(40) not null, born date, weight numeric(5,1), unique (message, line))");
    server.run(`create table outbox (id ${serial}, changed ${time} default '2026-03-01 10:00:00.123456', note varchar(200), amount numeric(10,2), big bigint default 9007199254740993)`);
  };
  const started = async (change: Parameters<typeof project>[1] = {}) => {
    const port = await freePort();
    running = await engineOnDisk(project(port, change));
    return { on: running, post: (body: unknown) => fetch(`http://127.0.0.1:${port}/visits`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }) };
  };
  const depth = ({ engine }: OnDisk, lane: string) => engine.operations.status().lanes.find((view) => view.lane === lane)?.depth;

  test.skipIf(missing)("a message is one transaction, by parameters alone; a row that does not fit takes its message back whole", async () => {
    tables();
    const { on, post } = await started();
    const nasty = "O'Brien'); drop table visits; --";
    expect((await post({ patient: { name: nasty }, born: "1970-01-02", weight: 61.5 })).status).toBe(202);
    expect((await post([{ patient: { name: "A" } }, { patient: { name: "B" } }])).status).toBe(202);
    // The second row is too long for its column, the third message lacks a field.
    expect((await post([{ patient: { name: "kept out" } }, { patient: { name: "x".repeat(60) } }])).status).toBe(202);
    expect((await post({ patient: {} })).status).toBe(202);
    expect((await post({ patient: { name: "last" } })).status).toBe(202);
    await expect.poll(() => depth(on, "write/rows")).toBe(0);
    expect(server.run("select patient from visits").split("\n").toSorted()).toEqual(["A", "B", nasty, "last"].toSorted());
    expect(server.run("select count(distinct message) from visits")).toBe("3");
    // What is in the record is told after that.
    for (const code of ["DBS-203", "DBS-201"]) await expect.poll(() => on.log.join("\n")).toContain(code);
    expect(on.log.join("\n")).not.toMatch(/Brien|kept out|xxxx/);
  });

  test.skipIf(missing)("rows come once each in their order, exact, over a restart in the middle", async () => {
    tables();
    for (let n = 1; n <= 7; n++) server.run(`insert into outbox (note, amount) values ('row ${n}', ${n}.10)`);
    const { on } = await started();
    const arrived = () => {
      const database = new DatabaseSync(join(on.root, "out/seen.db"));
      try {
        return database.prepare("select id, note, amount, big, changed from seen order by rowid").all();
      } finally {
        database.close();
      }
    };
    await expect.poll(() => arrived().length).toBe(7);
    await on.restart();
    server.run("insert into outbox (note) values ('after')");
    await expect.poll(() => arrived().length).toBe(8);
    expect(arrived().map(({ note }) => note)).toEqual([...[1, 2, 3, 4, 5, 6, 7].map((n) => `row ${n}`), "after"]);
    expect(arrived()[2]).toMatchObject({ amount: "3.10", big: "9007199254740993" });
    expect(String(arrived()[0]?.changed)).toContain("10:00:00.123456");
  });

  test.skipIf(missing).each([
    ["a wrong password", { password: "wrong" }, "DBS-101"],
    ["a server whose certificate nobody we know has signed", { tls: 'tls: { servername: localhost }' }, "DBS-102"],
    ["a certificate for another name", { tls: "tls: { ca: tls/ca.pem, servername: other.example }" }, "DBS-102"],
    ["nobody at the port", { at: 1 }, "NET-205"],
  ])("%s: the lane waits, and nothing but a code is told", async (_, change, code) => {
    tables();
    const { on, post } = await started(change);
    expect((await post({ patient: { name: "MARGARET QUIGLEY" } })).status).toBe(202);
    await expect.poll(() => on.log.join("\n")).toContain(code);
    expect(depth(on, "write/rows")).toBe(1);
    expect(on.log.join("\n")).not.toMatch(/QUIGLEY|scram|wrong|certificate/i);
    expect(server.run("select count(*) from visits")).toBe("0");
  });

  test.skipIf(missing)("killed connections: what was in doubt is sent again and is there once", async () => {
    tables();
    const { on, post } = await started();
    const kill = dialect === "postgres" ? "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice'" : "";
    const killed = (id: string) => {
      try {
        server.run(`kill ${id}`);
      } catch {
        // It has ended by itself meanwhile.
      }
    };
    for (let n = 0; n < 30; n++) {
      expect((await post({ patient: { name: `P${n}` } })).status).toBe(202);
      if (n % 5 !== 0) continue;
      if (kill !== "") server.run(kill);
      else for (const id of server.run("select id from information_schema.processlist where id <> connection_id()").split("\n").filter(Boolean)) killed(id);
    }
    await expect.poll(() => depth(on, "write/rows")).toBe(0);
    expect(server.run("select count(*) from visits")).toBe("30");
    expect(server.run("select count(distinct patient) from visits")).toBe("30");
  });
});
