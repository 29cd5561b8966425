/** A reader that is thrown at until it breaks. */
export interface Target {
  readonly name: string;
  /** Texts of our own to begin from. */
  readonly seeds: readonly string[];
  /** Pieces that mean something to the format, put in by mutation: delimiters, keywords, lengths. */
  readonly words: readonly string[];
  /** Reads, and does what a channel does with it. Only an `EngineError` may come out; any other error is a find. */
  run(text: string): void;
}
