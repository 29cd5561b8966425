/** `who`: a keyed hash of the party that is booked, `since` and `until` (exclusive) ms since 1970; by which case, as in `cases`. */
export const bookingTables = `
  CREATE TABLE IF NOT EXISTS bookings(
    what TEXT NOT NULL, who BLOB NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, kind TEXT NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY(what, who, until, since, kind, key)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS bookings_case ON bookings(kind, key);
`;
