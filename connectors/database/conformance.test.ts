import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { connectorConformance, type PartnerHost, type Sender, settled, type SourceHost } from "../../engine/sdk/testing/index.ts";
import database from "./index.ts";

/** The suite runs over SQLite; PostgreSQL and MariaDB themselves are in test/systems. */
const folder = mkdtempSync(join(tmpdir(), "sluice-rows-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Table {
  readonly database: DatabaseSync;
  /** Ids of rows that were passed over. */
  readonly skipped: Set<number>;
}
const tables = new WeakMap<object, Table>();
let [files, rows] = [0, 0];

function table(host: object, create: string): { path: string; table: Table } {
  const path = join(folder, `${++files}.db`);
  const own = { database: new DatabaseSync(path), skipped: new Set<number>() };
  own.database.exec(create);
  tables.set(host, own);
  return { path, table: own };
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

connectorConformance(database, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { dialect: "sqlite", query: "select id, note from outbox where id > ?", checkpoint: "id", poll: "1s", refused: "skip" },
    message: (note) => encode({ id: ++rows, note }),
    prepare(host: SourceHost) {
      const { path, table: own } = table(host, "create table outbox (id integer primary key, note text)");
      host.database = () => {
        const opened = new DatabaseSync(path);
        host.open++;
        host.opened++;
        const close = opened.close.bind(opened);
        opened.close = () => {
          host.open--;
          close();
        };
        return { database: opened };
      };
      const set = host.checkpoints.set.bind(host.checkpoints);
      let told = 0;
      host.checkpoints.set = (of, value) => {
        const now = host.problems.filter(({ code }) => code === "DBS-301").length;
        if (now > told) own.skipped.add(Number(value));
        told = now;
        return set(of, value);
      };
    },
    fetches: async (host) => {
      await settled();
      await host.clock.advance(1_500);
    },
    connect(host): Sender {
      const { database: own, skipped } = tables.get(host) as Table;
      const ids: number[] = [];
      const answers = () => {
        const at = Number(host.checkpoints.get("row") ?? 0);
        return ids.filter((id) => id <= at).map((id) => (skipped.has(id) ? ("negative" as const) : ("positive" as const)));
      };
      return {
        send(message) {
          const { id, note } = JSON.parse(new TextDecoder().decode(message)) as { id: number; note: string };
          own.prepare("insert into outbox (id, note) values (?, ?)").run(id, note);
          ids.push(id);
        },
        answers,
        heard: answers,
        vanish: () => {},
      };
    },
  },
  destination: {
    options: { endpoint: "rows", dialect: "sqlite", statement: "insert into visits (message, id, note) values (?, ?, ?) on conflict (message) do nothing", parameters: ["$id", "id", "text"] },
    format: "json",
    content: (id, text) => encode({ id, text }),
    isLocal: true,
    answersAtOnce: true,
    prepare(host: PartnerHost) {
      const { path } = table(host, "create table visits (message text unique, id text, note text)");
      host.database = () => {
        const opened = new DatabaseSync(path, { timeout: 0 });
        // What the partner answers: a busy file, or one of its constraints; and what has arrived is what was written.
        opened.function("arrived", { deterministic: false }, (id, text) => {
          const body = encode({ id, text });
          host.arrived.push(body);
          const move = host.move(body);
          if (typeof move === "object" && "kind" in move && move.kind === "refused") return 1;
          return 0;
        });
        opened.exec("create temp trigger told before insert on visits begin select case arrived(new.id, new.note) when 1 then raise(abort, 'no') end; end");
        return { database: opened };
      };
    },
    accepts: () => ({ kind: "accepted" }),
    rejects: () => ({ kind: "refused", code: "DBS-202" }),
  },
});
