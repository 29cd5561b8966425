/** An error code: a room's prefix and a number, for example `PHI-201`. Every code has a page in `docs/errors/`. */
export type Code = `${string}-${number}`;

/** What may accompany a code: positions, counts, names from configuration. Never message content. */
export type SafeDetail = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The only error class of the engine. `code` and `safe` may be logged, shown and sent; `message` is the code alone,
 * since an error text is content (`JSON.parse` quotes its input). A `cause` may hold content and is never printed.
 */
export class EngineError extends Error {
  readonly code: Code;
  readonly safe: SafeDetail;
  constructor(code: Code, safe: SafeDetail = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = "EngineError";
    this.code = code;
    this.safe = safe;
  }
}

/** The code of anything thrown: an `EngineError`'s own, else `fallback`. */
export function codeOf(error: unknown, fallback: Code): Code {
  return error instanceof EngineError ? error.code : fallback;
}

/** One entry of the error catalogue. `title` is one sentence without values; the page of the code says more. */
export interface CatalogueEntry {
  readonly title: string;
}

/**
 * Declares the codes of one room (`codes.ts` in each). A test compares all catalogues with `docs/errors/`, both ways.
 * @example export const codes = catalogue({ "HL7-101": { title: "message does not start with MSH" } });
 */
export function catalogue<const C extends Readonly<Record<Code, CatalogueEntry>>>(entries: C): C {
  return entries;
}
