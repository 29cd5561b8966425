import { EngineError } from "../../sdk/error.ts";
import { placeAt } from "../place.ts";
import type { CsvDialect } from "./dialect.ts";

/** Where the cells of a text stand. Every record has as many as the first, so two lists of numbers say it all. */
export interface Cells {
  readonly columns: number;
  /** Begin and end of each raw cell, quotes included, record after record. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Reads all records; lines without any character are none. Throws `CSV-001` to `CSV-003` with line and column, never with a value. */
export function scan(text: string, { delimiter, quote }: CsvDialect, most = Number.POSITIVE_INFINITY): Cells {
  const starts: number[] = [];
  const ends: number[] = [];
  const d = delimiter.charCodeAt(0);
  const q = quote === "" ? -1 : quote.charCodeAt(0);
  const length = text.length;
  let columns = 0;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let record = 0; at < length && record < most; ) {
    const begin = at;
    const first = starts.length;
    for (;;) {
      starts.push(at);
      at = text.charCodeAt(at) === q ? closed(text, at, q, d) : endOfPlain(text, at, d);
      ends.push(at);
      if (at >= length || text.charCodeAt(at) !== d) break;
      at++;
    }
    const count = starts.length - first;
    if (at === begin) {
      starts.pop();
      ends.pop();
    } else {
      if (record++ === 0) columns = count;
      else if (count !== columns) throw new EngineError("CSV-003", { ...placeAt(text, begin), has: count, needs: columns });
    }
    if (at < length) at += text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? 2 : 1;
  }
  return { columns, starts, ends };
}

/** Behind the quote that closes the cell; nothing but a delimiter or the end of the record may follow. */
function closed(text: string, start: number, q: number, d: number): number {
  const sign = String.fromCharCode(q);
  let at = start + 1;
  for (;;) {
    at = text.indexOf(sign, at);
    if (at < 0) throw new EngineError("CSV-001", placeAt(text, start));
    if (text.charCodeAt(at + 1) !== q) break;
    at += 2;
  }
  const next = text.charCodeAt(at + 1);
  if (at + 1 < text.length && next !== d && next !== 13 && next !== 10) throw new EngineError("CSV-002", placeAt(text, at + 1));
  return at + 1;
}

function endOfPlain(text: string, from: number, d: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === d || code === 10 || code === 13) break;
  }
  return at;
}
