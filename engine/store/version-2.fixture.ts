import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { applicationId, tables } from "./schema.ts";
import { deriveMaster, type Owner, Sealer } from "./vault.ts";

/** The tables as version 2 had them. */
const version2 = `
  CREATE TABLE about(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE keys(id INTEGER PRIMARY KEY, day INTEGER NOT NULL, salt BLOB NOT NULL);
  CREATE TABLE lanes(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, last INTEGER NOT NULL, idle INTEGER NOT NULL, clear INTEGER NOT NULL,
    received INTEGER NOT NULL, waiting INTEGER NOT NULL, held INTEGER NOT NULL, delivered INTEGER NOT NULL, filtered INTEGER NOT NULL,
    refused INTEGER NOT NULL, rejected INTEGER NOT NULL, dead INTEGER NOT NULL, cancelled INTEGER NOT NULL);
  CREATE TABLE messages(
    id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, revision INTEGER NOT NULL, received INTEGER NOT NULL, bytes INTEGER NOT NULL, lanes TEXT NOT NULL,
    identity BLOB, bytesHash BLOB);
  CREATE TABLE entries(
    lane INTEGER NOT NULL, position INTEGER NOT NULL, message INTEGER NOT NULL, slot INTEGER NOT NULL, state INTEGER NOT NULL,
    attempts INTEGER NOT NULL, next INTEGER NOT NULL, filled INTEGER NOT NULL, changes INTEGER NOT NULL, moved INTEGER, since INTEGER, code TEXT,
    PRIMARY KEY(lane, position)) WITHOUT ROWID;
  CREATE TABLE aside(lane INTEGER NOT NULL, state INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(lane, state, position)) WITHOUT ROWID;
  ${["raw", "sent", "response", "log"].map((stage) => `CREATE TABLE ${stage}(place INTEGER PRIMARY KEY, format INTEGER NOT NULL, key INTEGER NOT NULL, nonce INTEGER NOT NULL, body BLOB NOT NULL);`).join("")}
  CREATE TABLE history(
    message INTEGER NOT NULL, slot INTEGER NOT NULL, change INTEGER NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
    code TEXT, key INTEGER, nonce INTEGER, reason BLOB, PRIMARY KEY(message, slot, change)) WITHOUT ROWID;
  CREATE TABLE duplicates(identity BLOB NOT NULL, bytes BLOB NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(identity, bytes)) WITHOUT ROWID;
  CREATE TABLE surrogates(hash BLOB PRIMARY KEY, token TEXT NOT NULL) WITHOUT ROWID;
`;

/**
 * A record as version 2 left it: message 1 delivered, 2 dead and put back, 3 waiting and unfilled, 4 held, all of lane `lab/ehr`; their raw contents are
 * `m1` to `m4`.
 */
export function writeVersion2(dir: string): void {
  const master = Buffer.alloc(32, 7);
  writeFileSync(join(dir, "master.key"), `${master.toString("hex")}\n`, { mode: 0o600 });
  const keys = deriveMaster(new Map([[1, master]]));
  const db = new DatabaseSync(join(dir, "record.db"));
  db.exec(`PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA application_id=${applicationId}; PRAGMA user_version=2; BEGIN; ${version2} COMMIT`);
  const now = new DatabaseSync(":memory:");
  now.exec(tables);
  const sealer = new Sealer(now, keys, Buffer.alloc(16, 9), () => 1);
  const content = (table: string, place: number, owner: Owner, text: string) => {
    const { key, nonce, body } = sealer.seal(owner, Buffer.from(text));
    db.prepare(`INSERT INTO ${table} VALUES(?, 3, ?, ?, ?)`).run(place, key, nonce, body);
  };
  db.prepare("INSERT INTO about VALUES('key', ?)").run(keys.checks.get(1) ?? null);
  db.exec("INSERT INTO names VALUES(1, 'lab'), (2, 'r1'); INSERT INTO lanes VALUES(1, 'lab/ehr', 5, 0, 0, 4, 2, 1, 1, 0, 0, 0, 0, 0)");
  for (let id = 1; id <= 4; id++) {
    db.prepare("INSERT INTO messages VALUES(?, 1, 2, 1000, 2, '1', NULL, NULL)").run(id);
    content("raw", id * 256, { message: id, where: "lab", stage: "raw" }, `m${id}`);
  }
  content("sent", 257, { message: 1, where: "lab/ehr", stage: "sent" }, "sent 1");
  db.exec(`INSERT INTO entries VALUES(1, 1, 1, 1, 2, 1, 0, 1, 1, NULL, NULL, NULL), (1, 2, 2, 1, 9, 1, 0, 0, 1, 5, NULL, 'LAN-101'),
    (1, 3, 3, 1, 0, 0, 0, 0, 0, NULL, NULL, NULL), (1, 4, 4, 1, 1, 1, 0, 0, 1, NULL, NULL, 'BOX-1'), (1, 5, 2, 1, 0, 0, 0, 0, 2, NULL, 3000, NULL);
    INSERT INTO aside VALUES(1, 1, 4);
    INSERT INTO history VALUES(1, 1, 1, 2000, 2, 1, NULL, NULL, NULL, NULL), (2, 1, 1, 2000, 6, 1, 'LAN-101', NULL, NULL, NULL),
      (2, 1, 2, 3000, 0, 0, NULL, NULL, NULL, NULL), (4, 1, 1, 2000, 1, 1, 'BOX-1', NULL, NULL, NULL)`);
  for (const { id, day, salt } of now.prepare("SELECT id, day, salt FROM keys").all() as unknown as { id: number; day: number; salt: Uint8Array }[]) {
    db.prepare("INSERT INTO keys VALUES(?, ?, ?)").run(id, day, salt);
  }
  now.close();
  db.close();
}
