const maxLines = 200;
const maxChars = 64 * 1024;

/** What the code of one message logged. It is content: it goes out with the result, to be sealed with the message. */
export class Journal {
  readonly lines: string[] = [];
  /** How often a lookup table had no row for a key, by the table's place in the program. */
  readonly misses: number[] = [];
  #chars = 0;

  missed(table: number): void {
    this.misses[table] = (this.misses[table] ?? 0) + 1;
  }

  add(values: readonly unknown[]): void {
    if (this.lines.length >= maxLines || this.#chars >= maxChars) return;
    const line = values.map(show).join(" ").slice(0, maxChars - this.#chars);
    this.#chars += line.length;
    this.lines.push(line);
  }
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    if (value instanceof Error || typeof value !== "object" || value === null) return String(value);
    const own = (value as { toString?: unknown }).toString;
    if (typeof own === "function" && own !== Object.prototype.toString && !Array.isArray(value)) return String(value);
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "(a value that cannot be shown)";
  }
}
