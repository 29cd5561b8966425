/** A sign that somebody put between all signs of a value, in one writing of it. */
const between = [" ", "\t", ".", "-", "_"] as const;
const runs = new Map(between.map((sign) => {
  const s = sign === "." ? "\\." : sign;
  return [sign, new RegExp(`(?<![^\\s.,:;"'=_/|\\[(>-])(?:[^\\r\\n]${s}){3,}[^\\s"](?![A-Za-z0-9])`, "gu")] as const;
}));

/** `0\t2\t1\t3\t9` as `02139`, and lines that were folded in the midst of words: what stands apart sign by sign. */
export function closedUp(text: string): string | undefined {
  let read = text.replace(/\r?\n[ \t]|(?<=[^\s\\]) {2}(?=\S)/g, "");
  for (const [sign, run] of runs) if (read.includes(sign)) read = read.replace(run, (spaced) => Array.from(spaced).filter((_, i) => i % 2 === 0).join(""));
  return read === text ? undefined : read;
}
