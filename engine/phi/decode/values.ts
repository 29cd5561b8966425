import { quotesIn } from "./quotes.ts";
import { Units } from "./units.ts";
import { Written } from "./written.ts";

const unitsHere = new Units();
const written = new Written();

/** The values of a JSON text, a form or XML without the names between them, so that what is cut over neighbouring fields stands together again. */
export function valuesOf(text: string): string | undefined {
  if (isJson(text)) return withoutKeys(text);
  if (/^[\w.[\]%+-]{1,200}=[^\s{}]*$/.test(text) && text.includes("&")) return text.replace(/(?:^|&)[^=&]{0,200}=/g, "\n").replaceAll("+", " ");
  return undefined;
}

/** Whether a text begins as JSON does. */
export function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** A key ends in `":`; where such signs stand inside a value a piece of it is lost to this reading, and to this one alone. */
function withoutKeys(text: string): string | undefined {
  const units = unitsHere.of(text);
  const { places, count } = quotesIn(text, units);
  let kept = 0;
  let open = -1;
  for (let i = 0; i < count; i++) {
    const at = places[i] as number;
    if (at + 1 < text.length && units[at + 1] === colon && open >= kept) {
      written.add(units, kept, open);
      kept = at + 2;
    }
    open = at;
  }
  if (kept === 0) return undefined;
  written.add(units, kept, text.length);
  return written.take();
}

const colon = 58;
