import { codeSystem } from "../code-systems.ts";
import { hasForm, listsOf } from "./table.ts";

/** A code where its qualifier (`HC`, `ABK`) says what it is of, and it has the form of that; nothing else stands in the place of a code. */
export function codeOf(value: string, qualifier: string): string | undefined {
  return listsOf(qualifier).some((list) => hasForm(list, value) || codeSystem(list === "I10" ? dotted(value) : value, list) !== undefined) ? value : undefined;
}

/** X12 writes codes of ICD-10-CM without their point. */
function dotted(code: string): string {
  return code.length > 3 && !code.includes(".") ? `${code.slice(0, 3)}.${code.slice(3)}` : code;
}
