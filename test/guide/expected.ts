/**
 * Whether an output holds the lines a page shows, in this order; others may stand between. `…` in a line stands for anything, and runs of
 * spaces are alike, since columns grow with what is in them. Gives the first line that is missing.
 */
export function missingLine(output: string, shown: string): string | undefined {
  const lines = output.split("\n").map(plain);
  let from = 0;
  for (const line of shown.split("\n")) {
    if (plain(line) === "" || plain(line) === "…") continue;
    const pattern = patternOf(line);
    const at = lines.findIndex((given, i) => i >= from && pattern.test(given));
    if (at < 0) return line;
    from = at + 1;
  }
  return undefined;
}

function plain(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

function patternOf(line: string): RegExp {
  const parts = plain(line).split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
