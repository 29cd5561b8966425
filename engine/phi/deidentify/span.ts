/** A prime below 2^26, so that a product of two residues is exact in a double. */
const prime = 67_108_859;

/** Sums of unknown counts that somebody can work out from those that are told: the linear span of 0/1 rows, kept in echelon form modulo a prime. */
export class Span {
  readonly #rows = new Map<number, Float64Array>();
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  add(members: Iterable<number>): void {
    const rest = this.#reduced(members);
    const lead = rest.findIndex((each) => each !== 0);
    if (lead < 0) return;
    const factor = inverse(rest[lead] ?? 1);
    for (let at = lead; at < rest.length; at++) rest[at] = ((rest[at] ?? 0) * factor) % prime;
    this.#rows.set(lead, rest);
  }

  /** Whether the sum of these follows from what was added. */
  has(members: Iterable<number>): boolean {
    return this.#reduced(members).every((each) => each === 0);
  }

  #reduced(members: Iterable<number>): Float64Array {
    const row = new Float64Array(this.#width);
    for (const at of members) row[at] = 1;
    for (let lead = 0; lead < row.length; lead++) {
      const value = row[lead] ?? 0;
      const by = value === 0 ? undefined : this.#rows.get(lead);
      if (by === undefined) continue;
      for (let at = lead; at < row.length; at++) row[at] = ((row[at] ?? 0) + (prime - value) * (by[at] ?? 0)) % prime;
    }
    return row;
  }
}

/** By Fermat. */
function inverse(value: number): number {
  let [result, base] = [1, value];
  for (let power = prime - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % prime;
    base = (base * base) % prime;
  }
  return result;
}
