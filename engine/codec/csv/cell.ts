import { EngineError } from "../../sdk/error.ts";
import type { CsvDialect } from "./dialect.ts";

/** What a raw cell means. A quote inside a cell that does not begin with one is itself. */
export function decodeCell(raw: string, { quote }: CsvDialect): string {
  if (quote === "" || !raw.startsWith(quote)) return raw;
  const inner = raw.slice(1, -1);
  return inner.includes(quote) ? inner.replaceAll(quote + quote, quote) : inner;
}

/** A value as a raw cell: quoted where it must be, and where the cell was. `CSV-103` where the dialect has no way to write it. */
export function encodeCell(value: string, before: string, { delimiter, quote }: CsvDialect, alone: boolean): string {
  const breaks = /[\r\n]/.test(value) || value.includes(delimiter);
  if (quote === "") {
    if (breaks || (alone && value === "")) throw new EngineError("CSV-103");
    return value;
  }
  // An empty line is no record, and a mark of byte order at the begin is no value.
  const must = breaks || value.includes(quote) || /^[\s\uFEFF]|\s$/.test(value) || (alone && value === "");
  if (!must && !before.startsWith(quote)) return value;
  return quote + value.replaceAll(quote, quote + quote) + quote;
}

/** What `set` takes. */
export function asText(value: string | number): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new EngineError("CSV-103");
}
