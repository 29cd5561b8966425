import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { EngineError } from "../../sdk/error.ts";
import { unreadable } from "../disk.ts";
import { appendFlushed, cutBehind, fileNumbers, ledgerFolderName, monthOf, type Place } from "./files.ts";
import { genesis, type Link, linkOf } from "./line.ts";

export interface Transit {
  readonly last: number;
  readonly lines: string;
}

/** The last line that the record knows; `n` 0: nothing was ever disclosed. */
export function headOf(db: DatabaseSync): Link & { readonly key?: string } {
  const row = db.prepare("SELECT n, hash, key FROM ledger WHERE id=1").get() as { n: number; hash: string; key: string } | undefined;
  return row ?? { n: 0, hash: genesis };
}

/** What the record knows of a ledger whose files are lost goes into the first line of the next. */
export function forgetLedger(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; INSERT OR REPLACE INTO about SELECT 'ledger before', json_object('hash', hash, 'ledger', ledger, 'n', n) FROM ledger WHERE id=1;
    DELETE FROM transit; DELETE FROM ledger; COMMIT`);
}

/**
 * Brings the files to what the record says: lines that were committed and may not have reached them are written again behind the last that did. A
 * ledger that is shorter, longer or other than the record says is refused with STO-501: somebody cut or changed it, or put back one without the other. `filed`: the last line that was written again. `isCopy`: files that were copied after the record may go on, and are cut to it.
 */
export function catchUp(dir: string, db: DatabaseSync, options: { readonly isCopy?: boolean } = {}): Place & { readonly filed: number } {
  // One state of the record for all of it: elsewhere a commit may come between two reads.
  const own = !db.isTransaction;
  try {
    if (own) db.exec("BEGIN");
    const folder = join(dir, ledgerFolderName);
    const head = headOf(db);
    if (head.n === 0 && !options.isCopy && fileNumbers(folder).length > 0) throw new EngineError("STO-501", { record: 0 });
    const rows = db.prepare("SELECT last, lines FROM transit ORDER BY last");
    const first = db.prepare("SELECT lines FROM transit ORDER BY last LIMIT 1").get() as Pick<Transit, "lines"> | undefined;
    let place = cutBehind(folder, first ? before(first.lines) : head, options.isCopy ? undefined : head.n);
    let filed = 0;
    for (const { last, lines } of rows.iterate() as IterableIterator<unknown> as IterableIterator<Transit>) {
      appendFlushed(folder, place.number, lines);
      filed = last;
      const bytes = Buffer.byteLength(lines);
      place = { number: place.number, bytes: place.bytes + bytes, month: place.month === "" ? monthOf(Buffer.from(lines)) : place.month };
    }
    return { ...place, filed };
  } catch (error) {
    throw unreadable(error);
  } finally {
    if (own && db.isTransaction) db.exec("COMMIT");
  }
}

function before(lines: string): Link {
  const link = linkOf(lines.slice(0, lines.indexOf("\n")));
  if (link === undefined) throw new EngineError("STO-501", { table: "transit" });
  return { n: link.n - 1, hash: link.prev };
}
