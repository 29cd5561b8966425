import { terms } from "./terms.ts";

const words = (text: string) => new Set(text.split(" "));
const metric = words(terms.units.metric);
const plain = words(terms.units.plain);
const annotations = words(terms.units.annotations);
const prefixes = terms.units.prefixes.split(" ");

/** Whether a unit is one of UCUM, of known atoms, and its annotations are known words: a unit can hold a text in braces. */
export function isUnit(code: string): boolean {
  if (code.length > 32) return false;
  const parts = code.match(/\{[^{}]*\}|\[[^[\]]*\]|[./()]|[^./(){}[\]]+/g);
  if (parts?.join("") !== code) return false;
  // A bracket belongs to the atom that it is part of: m[H2O], B[SPL], 10*3/uL.
  const atoms = parts.reduce<string[]>((all, part) => {
    const before = all.at(-1);
    if (before !== undefined && !/[./(){}]$/.test(before) && !/^[./(){}]/.test(part)) all[all.length - 1] = before + part;
    else all.push(part);
    return all;
  }, []);
  return atoms.every(isPart);
}

function isPart(part: string): boolean {
  if (/^[./()]$/.test(part)) return true;
  if (part.startsWith("{")) return annotations.has(part.slice(1, -1));
  if (/^10[*^]-?\d{1,2}$/.test(part)) return true;
  // A power is one digit; 1 to 100 stands before some counts.
  if (/^(?:1|10|100|1000)$/.test(part)) return true;
  const atom = part.replace(/[+-]?[1-9]$/, "");
  return [part, atom].some((each) => plain.has(each) || metric.has(each) || prefixes.some((prefix) => each.startsWith(prefix) && metric.has(each.slice(prefix.length))));
}
