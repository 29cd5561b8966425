import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Counted, type CountedRow, tabulate, type Table } from "./aggregate.ts";

/** Exact fractions, so that this reader of a table shares nothing with the code that makes it. */
type Fraction = readonly [bigint, bigint];
const of = (n: bigint, d = 1n): Fraction => {
  const sign = d < 0n ? -1n : 1n;
  let [a, b] = [n < 0n ? -n : n, d * sign];
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? [0n, 1n] : [(n * sign) / a, (d * sign) / a];
};
const minus = ([a, b]: Fraction, [c, d]: Fraction) => of(a * d - c * b, b * d);
const times = ([a, b]: Fraction, [c, d]: Fraction) => of(a * c, b * d);
const over = ([a, b]: Fraction, [c, d]: Fraction) => of(a * d, b * c);

/** What an attacker solves: unknowns are the untold cells, equations the told sums. Gives the unknowns that have one solution alone. */
function solved(width: number, equations: readonly { readonly on: readonly number[]; readonly sum: number }[]): ReadonlyMap<number, number> {
  const rows = equations.map(({ on, sum }) => [...Array.from({ length: width }, (_, at) => of(on.includes(at) ? 1n : 0n)), of(BigInt(sum))]);
  const leads: number[] = [];
  for (let column = 0; column < width; column++) {
    const at = rows.findIndex((row, i) => i >= leads.length && row[column]?.[0] !== 0n);
    if (at < 0) continue;
    const [pivot] = rows.splice(at, 1);
    const by = pivot?.[column];
    if (!pivot || !by) continue;
    const unit = pivot.map((each) => over(each, by));
    rows.splice(leads.length, 0, unit);
    for (const [i, row] of rows.entries()) {
      const factor = row[column];
      if (row === unit || !factor || factor[0] === 0n) continue;
      rows[i] = row.map((each, j) => minus(each, times(factor, unit[j] ?? of(0n))));
    }
    leads.push(column);
  }
  const found = new Map<number, number>();
  for (const [i, lead] of leads.entries()) {
    const row = rows[i] ?? [];
    if (row.slice(0, width).every(([n], at) => (at === lead) === (n !== 0n))) found.set(lead, Number(row[width]?.[0]));
  }
  return found;
}

const matches = (row: CountedRow, values: CountedRow) => Object.entries(values).every(([name, value]) => name === "count" || row[name] === value);

/** Counts of 1 to minimum - 1 that a reader of the table knows: told, or worked out. */
function smallKnown(table: Table, minimum: number): number[] {
  const cells = table.cells ?? table.margins;
  const sums: { readonly rows: readonly CountedRow[]; readonly count: CountedRow[string] }[] = [{ rows: cells, count: table.total }];
  if (table.cells) for (const margin of table.margins) sums.push({ rows: cells.filter((row) => matches(row, margin)), count: margin["count"] ?? null });
  const unknown = cells.filter(({ count }) => count === null);
  const equations = sums.flatMap(({ rows, count }) => {
    if (typeof count !== "number") return [];
    const told = rows.reduce((total, row) => total + (typeof row["count"] === "number" ? row["count"] : 0), 0);
    return [{ on: rows.flatMap((row) => (row["count"] === null ? [unknown.indexOf(row)] : [])), sum: count - told }];
  });
  const all = [...cells, ...sums].map(({ count }) => count).filter((count) => typeof count === "number");
  return [...all, ...solved(unknown.length, equations).values(), ...equations.map(({ sum }) => sum)].filter((count) => count > 0 && count < minimum);
}

const counts = (rows: readonly (readonly [Counted, number])[]): Counted[] => rows.flatMap(([values, count]) => Array.from({ length: count }, () => values));
const sexes = (table: readonly (readonly [string, string, number])[]) => counts(table.map(([sex, band, count]) => [{ sex, band }, count]));

describe("a table of counts", () => {
  it("tells what is large, and nothing small", () => {
    const table = tabulate(sexes([["F", "0-9", 20], ["F", "10-19", 3], ["M", "0-9", 30], ["M", "10-19", 25], ["M", "20-29", 40], ["F", "20-29", 50]]), ["sex", "band"], 11);
    expect(table.cells?.find(({ sex, band }) => sex === "F" && band === "10-19")).toEqual({ sex: "F", band: "10-19", count: null });
    expect(table.total).toBe(168);
    expect(table.margins).toContainEqual({ sex: "F", count: 73 });
    // The row and the column of the small one each hide another.
    expect(table.cells?.filter(({ count }) => count === null).length).toBeGreaterThanOrEqual(4);
    expect(smallKnown(table, 11)).toEqual([]);
  });
  it("the reader of this test finds a small count that one more total gives away", () => {
    const given: Table = { dimensions: ["sex"], total: 23, margins: [{ sex: "F", count: 20 }, { sex: "M", count: null }] };
    expect(smallKnown(given, 11)).toEqual([3, 3]);
    const square: Table = {
      dimensions: ["a", "b"], total: 100, margins: [{ a: 1, count: 50 }, { a: 2, count: 50 }, { b: 1, count: 55 }, { b: 2, count: 45 }],
      cells: [{ a: 1, b: 1, count: null }, { a: 1, b: 2, count: null }, { a: 2, b: 1, count: null }, { a: 2, b: 2, count: 5 }],
    };
    expect(smallKnown(square, 11)).not.toEqual([]);
  });
  it("nobody's count is worked out from it", () => {
    const record = fc.record({ sex: fc.constantFrom("F", "M"), band: fc.constantFrom("0-9", "10-19", "20-29", "90+"), zip: fc.constantFrom("021", "000", "100") }, { requiredKeys: ["sex", "band"] });
    const weighted = fc.array(fc.tuple(record, fc.integer({ min: 1, max: 40 })), { maxLength: 24 });
    fc.assert(
      fc.property(weighted, fc.constantFrom(["sex"], ["sex", "band"], ["sex", "band", "zip"]), fc.constantFrom(11, 20), (rows, dimensions, minimum) => {
        const records = counts(rows);
        const table = tabulate(records, dimensions, minimum);
        expect(smallKnown(table, minimum)).toEqual([]);
        for (const row of table.cells ?? table.margins) {
          const actual = records.filter((each) => dimensions.every((name) => ((each as Counted)[name] ?? null) === row[name])).length;
          expect([actual, null]).toContain(row["count"]);
        }
        expect([records.length, null]).toContain(table.total);
      }),
      { numRuns: 400 },
    );
  });
  it("says nothing that the order of the messages could change", () => {
    const records = sexes([["F", "0-9", 20], ["F", "10-19", 3], ["M", "0-9", 30]]);
    expect(tabulate(records.toReversed(), ["sex", "band"], 11)).toEqual(tabulate(records, ["sex", "band"], 11));
  });
  it("of a few people it tells nothing", () => {
    expect(tabulate(sexes([["F", "0-9", 10]]), ["sex", "band"], 11)).toEqual({
      dimensions: ["sex", "band"], total: null, margins: [{ sex: "F", count: null }, { band: "0-9", count: null }], cells: [{ sex: "F", band: "0-9", count: null }],
    });
    expect(tabulate([], ["sex"], 11)).toEqual({ dimensions: ["sex"], total: 0, margins: [] });
  });
  it("of thousands of cells it is made in seconds", () => {
    const records = counts(Array.from({ length: 2000 }, (_, i) => [{ a: i % 100, b: Math.floor(i / 100) }, 1 + ((i * 7919) % 37)] as const));
    expect(smallKnownQuick(tabulate(records, ["a", "b"], 11))).toBe(true);
    const scattered = Array.from({ length: 10_000 }, (_, i) => ({ a: i % 877, b: (i * 31) % 90, c: (i * 7) % 11 }));
    const began = performance.now();
    const table = tabulate(scattered, ["a", "b", "c"], 11);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(smallKnownQuick(table)).toBe(true);
    expect(table.cells?.every(({ count }) => count === null)).toBe(true);
  }, 30_000);
});

function smallKnownQuick(table: Table): boolean {
  return [...(table.cells ?? []), ...table.margins].every(({ count }) => count === null || count === 0 || Number(count) >= 11);
}
