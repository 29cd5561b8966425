import { EngineError } from "../../sdk/error.ts";

/** How delimited text is written: RFC 4180, with another delimiter or quote, with a first record that names the columns or without. */
export interface CsvDialect {
  /** One character: `,` `;` `|` or a tab. */
  readonly delimiter: string;
  /** One character, or the empty string where values are never quoted. */
  readonly quote: string;
  readonly header: boolean;
}

export const rfc4180: CsvDialect = Object.freeze({ delimiter: ",", quote: '"', header: true });

/** A dialect that can be read without doubt. Throws `CSV-104`. */
export function checked(dialect: CsvDialect): CsvDialect {
  const { delimiter, quote } = dialect;
  const fits = isSign(delimiter) && (quote === "" || isSign(quote)) && delimiter !== quote;
  if (!fits) throw new EngineError("CSV-104");
  return dialect;
}

/** ASCII, so that bytes can be cut without knowing their character set. */
function isSign(text: string): boolean {
  const code = text.charCodeAt(0);
  return text.length === 1 && code < 0x7f && code !== 10 && code !== 13 && (code >= 0x20 || code === 9 || code === 0x1f || code === 1);
}
