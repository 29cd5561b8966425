import { textOfBytes } from "./bytes.ts";
import type { Budget } from "./budget.ts";

/** Percent signs upon percent signs; more rounds than this nobody writes by mistake. */
const rounds = 8;

/** RFC 3986 percent encoding to the last layer, `%u0041` of old scripts too; `+` is a space beside it. */
export function unpercent(text: string, budget: Budget): string | undefined {
  if (!text.includes("%")) return undefined;
  if (once(text) === text) return undefined;
  let read = text.replaceAll("+", " ");
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
