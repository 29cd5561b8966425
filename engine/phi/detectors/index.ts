import { colonsIn, devicesIn, mailsIn, urlsIn } from "./addresses.ts";
import { dateAt } from "./dates.ts";
import type { Detection, Exit } from "./detection.ts";
import { chainAt, numbersIn } from "./numbers.ts";
import { secretsIn } from "./secrets.ts";
import { beyondHex, digit, lengthAt, type Tokens } from "./tokens.ts";
import { ageAt, isMacAt, streetAt, wordNumberAt } from "./words.ts";

export type { Detection, DetectedKind, Exit } from "./detection.ts";

/** Everything in a text that has the shape of an identifier, until `found` says it is enough. One pass over the tokens, and jumps to the few signs that begin the rest. */
export function detect(t: Tokens, exit: Exit, found: (detection: Detection) => boolean): boolean {
  const { text } = t;
  const standing: (readonly [number, number])[] = [];
  if (text.includes("@") && mailsIn(text, found)) return true;
  if (urlsIn(text, exit, (start, end) => standing.push([start, end]), found)) return true;
  if ((text.includes(":") || text.includes("-")) && colonsIn(text, found)) return true;
  if (devicesIn(text, found) || secretsIn(text, found)) return true;
  let chained = 0;
  let passed = 0;
  for (let i = 0; i < t.count; i++) {
    const kind = t.kinds[i] as number;
    if ((kind & beyondHex) === 0 && lengthAt(t, i) === 2 && isMacAt(t, i) && found({ kind: "mac", strength: "strong", start: t.starts[i] as number, end: t.ends[i + 5] as number })) return true;
    if ((kind & digit) === 0) continue;
    if (kind === digit && i >= chained) {
      const chain = chainAt(t, i);
      chained = chain.to;
      if (numbersIn(t, chain, found)) return true;
    }
    const [start, end] = [t.starts[i] as number, t.ends[i] as number];
    // A day in the name of a terminology is its version.
    while (passed < standing.length && (standing[passed]?.[1] as number) < end) passed++;
    const isVersion = passed < standing.length && (standing[passed]?.[0] as number) <= start;
    if (!isVersion && dateAt(t, i)?.form === "date" && found({ kind: "date", strength: "strong", start, end })) return true;
    const other = wordNumberAt(t, i) ?? ageAt(t, i) ?? streetAt(t, i);
    if (other && found({ kind: other.kind, strength: other.strength, start, end: t.ends[i + other.tokens - 1] as number })) return true;
  }
  return false;
}
