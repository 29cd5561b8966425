import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The statements of the applier that belong to no book. */
export function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    begin: sql("BEGIN IMMEDIATE"),
    commit: sql("COMMIT"),
    names: sql("SELECT id, name FROM names"),
    name: sql("INSERT INTO names(name) VALUES(?)"),
    lastMessage: sql("SELECT max(id) AS last, (SELECT value FROM about WHERE name='last') AS gone FROM messages"),
    message: sql("INSERT INTO messages VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    principal: sql("INSERT INTO principals VALUES(?, ?)"),
    // Nearly always the entry stands at its message's own position and waits: one statement then finds and changes it.
    fillHome: sql("UPDATE entries SET filled=1, intent=? WHERE lane=? AND position=? AND message=? AND state<=1 RETURNING slot, changes"),
    filled: sql("UPDATE entries SET filled=1, intent=? WHERE lane=? AND position=?"),
    settleHome: sql("UPDATE entries SET state=?, attempts=?, next=?, changes=changes+1, code=? WHERE lane=? AND position=? AND message=? AND state=0 RETURNING slot, changes, storage, intent"),
    intend: sql("UPDATE entries SET intent=? WHERE lane=? AND position=?"),
    messageOf: sql("SELECT id, lanes, storage FROM messages WHERE id=?"),
    touched: sql("INSERT INTO touched(message) VALUES(?)"),
    untouch: sql("DELETE FROM touched WHERE step<=?"),
    setAbout: sql("INSERT OR REPLACE INTO about VALUES(?, ?)"),
    retire: sql(`DELETE FROM about WHERE (name='key' OR name LIKE 'key %') AND iif(name='key', 1, CAST(substr(name, 5) AS INTEGER)) NOT IN
      (SELECT master FROM keys UNION SELECT coalesce((SELECT value FROM about WHERE name='master'), 1))`),
    pause: sql("INSERT OR REPLACE INTO pauses VALUES(?, ?, ?, ?, ?)"),
    resume: sql("DELETE FROM pauses WHERE lane=?"),
    surrogate: sql("INSERT OR IGNORE INTO surrogates VALUES(?, ?)"),
    probe: sql("INSERT OR REPLACE INTO about VALUES('probe', ?)"),
  };
}
