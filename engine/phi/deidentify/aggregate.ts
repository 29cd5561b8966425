import { suppressed } from "./suppress.ts";

/** One message as its dimensions see it; absent or `null` where it does not say. */
export type Counted = Readonly<Record<string, string | number | boolean | null>>;

/** Values, `null` where the messages do not say, and under `count` how often they came, `null` where it is not told. */
export type CountedRow = Counted;

export interface Table {
  /** Fields of the closed list, in its order. */
  readonly dimensions: readonly string[];
  readonly total: number | null;
  /** Counts by one dimension alone, in order of dimensions. */
  readonly margins: readonly CountedRow[];
  /** Counts by all dimensions; absent with one, whose counts are its margin. A combination that is not here has none. */
  readonly cells?: readonly CountedRow[];
}

interface Group {
  readonly values: Counted;
  /** Places of the cells in it. */
  readonly parts: readonly number[];
}

/**
 * Counts of messages by the values of their dimensions: in all, by each alone, and by all together. No count of 1 to `minimum` - 1 stands in it or follows from it by adding
 * and subtracting (CMS cell size suppression policy); what is not told is `null`. Rows stand in the order of their values.
 */
export function tabulate(records: readonly Counted[], dimensions: readonly string[], minimum: number): Table {
  const cells = grouped(records, dimensions);
  const counts = cells.map(({ parts }) => parts.length);
  const margins = dimensions.length === 1 ? [] : dimensions.flatMap((name) => grouped(cells.map(({ values }) => values), [name]));
  const whole = counts.map((_, at) => at);
  const hidden = suppressed(counts, [...margins.map(({ parts }) => parts), whole], minimum);
  const cellRows = cells.map(({ values }, at) => ({ ...values, count: hidden.cells.has(at) ? null : (counts[at] ?? 0) }));
  const marginRows = margins.map(({ values, parts }, at) => ({ ...values, count: hidden.sums.has(at) ? null : parts.reduce((sum, part) => sum + (counts[part] ?? 0), 0) }));
  const total = hidden.sums.has(margins.length) ? null : records.length;
  return dimensions.length === 1 ? { dimensions, total, margins: cellRows } : { dimensions, total, margins: marginRows, cells: cellRows };
}

/** Those with the same values, in order of these. */
function grouped(records: readonly Counted[], names: readonly string[]): readonly Group[] {
  const found = new Map<string, { readonly values: Counted; readonly parts: number[] }>();
  for (const [at, record] of records.entries()) {
    const key = JSON.stringify(names.map((name) => record[name] ?? null));
    const group = found.get(key) ?? { values: Object.fromEntries(names.map((name) => [name, record[name] ?? null])), parts: [] };
    group.parts.push(at);
    found.set(key, group);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
