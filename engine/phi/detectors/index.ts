import { colonsIn, devicesIn, mailsIn, urlsIn } from "./addresses.ts";
import type { DateInText } from "./dates.ts";
import type { Detection, Exit } from "./detection.ts";
import { chainAt, chainEnd, isAmount, numbersIn } from "./numbers.ts";
import { secretsIn } from "./secrets.ts";
import { beyondHex, digit, lengthAt, type Tokens } from "../tokens.ts";
import { ageAt, isMacAt, streetAt, wordNumberAt } from "./words.ts";

export type { Detection, DetectedKind, Exit } from "./detection.ts";

/** Everything in a text that has the shape of an identifier, until `found` says it is enough; `dates` are those of the text (`datesIn`). One pass over the tokens, and jumps to the few signs that begin the rest. */
export function detect(t: Tokens, dates: readonly DateInText[], exit: Exit, found: (detection: Detection) => boolean): boolean {
  const { text } = t;
  const standing: (readonly [number, number])[] = [];
  if (text.includes("@") && mailsIn(text, found)) return true;
  if (urlsIn(text, exit, (start, end) => standing.push([start, end]), found)) return true;
  if ((text.includes(":") || text.includes("-")) && colonsIn(text, found)) return true;
  if (devicesIn(text, found) || secretsIn(text, found)) return true;
  let dated = 0;
  let chained = 0;
  let passed = 0;
  for (let i = 0; i < t.count; i++) {
    const kind = t.kinds[i] as number;
    if ((kind & beyondHex) === 0 && lengthAt(t, i) === 2 && isMacAt(t, i) && found({ kind: "mac", strength: "strong", start: t.starts[i] as number, end: t.ends[i + 5] as number })) return true;
    if ((kind & digit) === 0) continue;
    if (kind === digit && i >= chained) {
      chained = chainEnd(t, i);
      if (!isAmount(t, i, chained) && numbersIn(t, chainAt(t, i, chained), found)) return true;
    }
    const [start, end] = [t.starts[i] as number, t.ends[i] as number];
    // A day in the name of a terminology is its version.
    while (passed < standing.length && (standing[passed]?.[1] as number) < end) passed++;
    const isVersion = passed < standing.length && (standing[passed]?.[0] as number) <= start;
    while (dated < dates.length && (dates[dated] as DateInText).at < i) dated++;
    const date = dated < dates.length && (dates[dated] as DateInText).at === i ? (dates[dated] as DateInText).read : undefined;
    if (!isVersion && date?.form === "date" && found({ kind: "date", strength: "strong", start, end })) return true;
    const other = wordNumberAt(t, i) ?? ageAt(t, i) ?? streetAt(t, i);
    if (other && found({ kind: other.kind, strength: other.strength, start, end: t.ends[i + other.tokens - 1] as number })) return true;
  }
  return false;
}
