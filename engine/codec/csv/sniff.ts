import type { CsvDialect } from "./dialect.ts";
import { decodeCell } from "./cell.ts";
import { scan } from "./scan.ts";

const delimiters = [",", ";", "\t", "|"];
/** Enough of a text to see how it is written. */
const sample = 64 * 1024;
const records = 50;

/** The dialect of a text whose first records all have the same number of values, at least two; `undefined` for any other text. */
export function sniffCsv(text: string): CsvDialect | undefined {
  const whole = text.length <= sample;
  const head = whole ? text : text.slice(0, sample);
  let best: { dialect: CsvDialect; columns: number } | undefined;
  for (const delimiter of delimiters) {
    const dialect = { delimiter, quote: '"', header: false };
    const found = read(head, dialect, whole);
    if (found !== undefined && found.columns > (best?.columns ?? 1)) best = { dialect: { ...dialect, header: isHeader(found.first) }, columns: found.columns };
  }
  return best?.dialect;
}

function read(text: string, dialect: CsvDialect, whole: boolean): { columns: number; first: string[] } | undefined {
  try {
    // The last record of a cut text may be half.
    const cut = whole ? text : text.slice(0, Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"), 0));
    const { columns, starts, ends } = scan(cut, dialect, records);
    if (columns < 2 || starts.length < 2 * columns) return undefined;
    return { columns, first: Array.from({ length: columns }, (_, i) => decodeCell(cut.slice(starts[i], ends[i]), dialect)) };
  } catch {
    return undefined;
  }
}

/** Names: each once, none empty, a number or a sentence. */
function isHeader(first: readonly string[]): boolean {
  return new Set(first).size === first.length && first.every((name) => /^[\p{L}_#][^\r\n]{0,63}$/u.test(name.trim()) && !/[.!?]$/.test(name.trim()));
}
