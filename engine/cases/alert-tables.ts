/** `alerted`: the version of each result that was last told of in a lane, and the message that brought it. */
export const alertTables = `
  CREATE TABLE IF NOT EXISTS alerts(
    lane TEXT NOT NULL, message INTEGER NOT NULL, verdict TEXT NOT NULL, name TEXT NOT NULL, item INTEGER, told INTEGER NOT NULL, dueAt INTEGER, ackedAt INTEGER, settled INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY(lane, message)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS alerts_due ON alerts(dueAt) WHERE dueAt IS NOT NULL;
  CREATE INDEX IF NOT EXISTS alerts_acked ON alerts(ackedAt) WHERE ackedAt IS NOT NULL AND settled=0;
  CREATE INDEX IF NOT EXISTS alerts_name ON alerts(name);
  CREATE INDEX IF NOT EXISTS alerts_item ON alerts(item);
  CREATE TABLE IF NOT EXISTS alerted(lane TEXT NOT NULL, result BLOB NOT NULL, version BLOB NOT NULL, message INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(lane, result)) WITHOUT ROWID;
`;
