import { Span } from "./span.ts";

/** What stays untold of a table, by place. */
export interface Untold {
  readonly cells: ReadonlySet<number>;
  readonly sums: ReadonlySet<number>;
}

/** Steps of arithmetic before the sums of untold counts are given up: a table of thousands of combinations must not hold up the engine. */
const mostWork = 100_000_000;

/**
 * Which counts of a table stay untold, so that none of 1 to `minimum` - 1 is told or follows from what is told (primary and complementary suppression). `sums`: the
 * cells that each is the sum of. First small counts, then from every sum with a small rest another of its cells, the smallest; at last, while a small count still
 * follows by adding and subtracting, the smallest sum that touches what is untold. It ends, at the latest when no such sum is told; of a table too large to reckon with, none is.
 */
export function suppressed(cells: readonly number[], sums: readonly (readonly number[])[], minimum: number): Untold {
  const counts = sums.map((parts) => parts.reduce((total, at) => total + (cells[at] ?? 0), 0));
  const isSmall = (count = 0) => count > 0 && count < minimum;
  const small = (all: readonly number[]) => all.flatMap((count, at) => (isSmall(count) ? [at] : []));
  const hidden = { cells: new Set(small(cells)), sums: new Set(small(counts)) };
  for (let again = true; again; ) {
    again = false;
    for (const [at, parts] of sums.entries()) {
      const rest = parts.filter((part) => hidden.cells.has(part));
      if (hidden.sums.has(at) || rest.length === 0) continue;
      if (rest.length > 1 && !isSmall(rest.reduce((total, part) => total + (cells[part] ?? 0), 0))) continue;
      const other = leastOf(parts.filter((part) => !hidden.cells.has(part) && cells[part] !== 0), cells);
      if (other === undefined) hidden.sums.add(at);
      else hidden.cells.add(other);
      again = true;
    }
  }
  for (let work = 0; ; ) {
    const unknown = new Map([...hidden.cells].map((cell, at) => [cell, at]));
    const places = sums.map((parts) => parts.flatMap((part) => unknown.get(part) ?? []));
    const told = places.flatMap((place, at) => (place.length > 0 && !hidden.sums.has(at) ? [at] : []));
    work += unknown.size * told.length ** 2;
    if (work > mostWork) return { ...hidden, sums: new Set([...hidden.sums, ...told]) };
    const span = new Span(unknown.size);
    for (const at of told) span.add(places[at] ?? []);
    const kept = [...small(cells).map((cell) => [unknown.get(cell) ?? 0]), ...small(counts).map((at) => places[at] ?? [])];
    const least = kept.some((place) => span.has(place)) ? leastOf(told, counts) : undefined;
    if (least === undefined) return hidden;
    hidden.sums.add(least);
  }
}

function leastOf(places: readonly number[], counts: readonly number[]): number | undefined {
  return places.length === 0 ? undefined : places.reduce((least, at) => ((counts[at] ?? 0) < (counts[least] ?? 0) ? at : least));
}
