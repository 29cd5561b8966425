/** A sign that somebody put between all signs of a value, in one writing of it. */
const between = [" ", "\t", ".", "-", "_"] as const;
const runs = new Map(between.map((sign) => {
  const s = sign === "." ? "\\." : sign;
  return [sign, new RegExp(`(?<![^\\s.,:;"'=_/|\\[(>-])(?:[^\\r\\n]${s}){3,}[^\\s"](?![A-Za-z0-9])`, "gu")] as const;
}));

/** `0\t2\t1\t3\t9` as `02139`, and lines that were folded in the midst of words: what stands apart sign by sign. */
export function closedUp(text: string): string | undefined {
  let read = text.includes("\n ") || text.includes("\n\t") || text.includes("  ") ? text.replace(/\r?\n[ \t]|(?<=[^\s\\]) {2}(?=\S)/g, "") : text;
  for (const [sign, run] of runs) if (isBetween(read, sign)) read = read.replace(run, (spaced) => Array.from(spaced).filter((_, i) => i % 2 === 0).join(""));
  return read === text ? undefined : read;
}

/** Whether a sign stands three times with one other between. */
function isBetween(text: string, sign: string): boolean {
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
    const second = after(text, at);
    if (text.startsWith(sign, second) && text.startsWith(sign, after(text, second))) return true;
  }
  return false;
}

/** Behind the sign after the one at `at`; of letters beyond the first plane two units are one. */
function after(text: string, at: number): number {
  return at + ((text.codePointAt(at + 1) ?? 0) > 0xffff ? 3 : 2);
}
