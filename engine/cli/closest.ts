/** The known word nearest to what was typed, when near enough to be meant. */
export function closest(typed: string, known: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of known) {
    const distance = word.startsWith(typed) ? 1 : edits(typed, word);
    if (distance <= Math.max(2, word.length / 3) && (!best || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}

/** Insertions, deletions, changes and swaps of neighbours that lead from one word to the other. */
function edits(a: string, b: string): number {
  const rows: number[][] = [];
  const cell = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 0; i <= a.length; i++) {
    rows.push([]);
    for (let j = 0; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = i === 0 || j === 0 ? i + j : Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, cell(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = least;
    }
  }
  return cell(a.length, b.length);
}
