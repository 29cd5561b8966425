import { EngineError } from "../../sdk/error.ts";

/** The characters that a header segment declares; an empty string where it declares none. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** The fifth character of MSH-2, since HL7 2.7. */
  readonly truncation: string;
}

/** Whether MSH, FHS or BHS stands at `at`: the three segments that declare delimiters. */
export function isHeaderAt(text: string, at: number): boolean {
  const a = text.charCodeAt(at);
  const b = text.charCodeAt(at + 1);
  const c = text.charCodeAt(at + 2);
  return a === 77 ? b === 83 && c === 72 : (a === 70 || a === 66) && b === 72 && c === 83;
}

/** Reads MSH-1 and MSH-2 of a header segment. `offset` is where it stands in the whole text, for errors. */
export function readDelimiters(line: string, offset: number): Delimiters {
  const segment = line.slice(0, 3);
  if (line.length < 4) throw new EngineError("HL7-002", { segment, offset: offset + line.length });
  const field = line.charAt(3);
  const stop = line.indexOf(field, 4);
  const declared = line.slice(4, Math.min(stop < 0 ? line.length : stop, 9));
  if (declared === "^~\\&") {
    if (field === "|") return common;
  }
  const all = field + declared;
  for (let i = 0; i < all.length; i++) {
    const char = all.charAt(i);
    if (!isDelimiter(char) || all.indexOf(char) !== i) throw new EngineError("HL7-003", { segment, offset: offset + 3 + i });
  }
  return {
    field,
    component: declared.charAt(0),
    repetition: declared.charAt(1),
    escape: declared.charAt(2),
    subcomponent: declared.charAt(3),
    truncation: declared.charAt(4),
  };
}

/** What nearly every message declares. */
export const common: Delimiters = Object.freeze({
  field: "|",
  component: "^",
  repetition: "~",
  escape: "\\",
  subcomponent: "&",
  truncation: "",
});

/** Letters and digits would split names and numbers; a quote would make HL7 null ambiguous. */
function isDelimiter(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 0x21 || code > 0x7e) return false;
  const alphanumeric = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return !alphanumeric && char !== '"';
}
