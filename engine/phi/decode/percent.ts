import { textOfBytes } from "./bytes.ts";
import type { Budget } from "./budget.ts";

/** Percent signs upon percent signs; more rounds than this nobody writes by mistake. */
const rounds = 8;

/** One layer of RFC 3986 percent encoding, `%u0041` of old scripts too; `+` is a space beside it. */
export function unpercentOnce(text: string): string | undefined {
  if (!text.includes("%")) return undefined;
  const read = once(text);
  return read === text ? undefined : once(text.replaceAll("+", " "));
}

/** The same to the last layer. */
export function unpercent(text: string, budget: Budget): string | undefined {
  return text.includes("%") && once(text) !== text ? toTheLast(text.replaceAll("+", " "), budget) : undefined;
}

/** To the last layer where `+` is itself, as in a path (RFC 3986, 2.2) and in base64. */
export function unpercentPath(text: string, budget: Budget): string | undefined {
  return text.includes("%") && text.includes("+") && once(text) !== text ? toTheLast(text, budget) : undefined;
}

function toTheLast(text: string, budget: Budget): string | undefined {
  let read = text;
  for (let round = 0; round < rounds; round++) {
    const next = once(read);
    if (next === read) return read;
    read = next;
  }
  budget.isOver = true;
  return undefined;
}

function once(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+|%u[0-9a-f]{4}/gi, (run) => {
    if (run[1] === "u" || run[1] === "U") return String.fromCharCode(Number.parseInt(run.slice(2), 16));
    return textOfBytes(Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16)));
  });
}
