/** What the strict reader takes. */
export interface JsonLimits {
  readonly depth?: number;
  readonly keys?: number;
  readonly items?: number;
  /** UTF-16 units of the text. */
  readonly length?: number;
}

export const defaultLimits: Required<JsonLimits> = Object.freeze({
  depth: 64,
  keys: 10_000,
  items: 1_000_000,
  length: 64 * 1024 * 1024,
});
