/** Whose work it is when somebody has to look. `list`: the work list's name. */
export interface WorkOwner {
  readonly list: string;
  readonly owner: string;
}

/** The tests that a site knows: a row for each code, with the units in which its results come (`-`: none). `do`: what becomes of a message with a code that has no row. */
export interface AnalyteSpec extends WorkOwner {
  readonly table: string;
  readonly rows: Readonly<Record<string, string>>;
  readonly do: "hold" | "deliver";
}

/** What several messages are about: a result, a claim, an appointment. Paths are of the raw message, read by the trusted codec. `do` was to be called `then`, which JavaScript takes for a promise. */
export interface CaseSpec extends WorkOwner {
  /** Channels of one kind share their cases. */
  readonly kind: string;
  /** Of what names the case: the first path that has a value. */
  readonly key: readonly string[];
  /** Of what says which of two messages is newer. */
  readonly stamp?: string;
  /** The same stamp again is as an older one: of two changes of one version the first counts. */
  readonly advances?: boolean;
  /** `const`, or by the value at `of`; `absent`: of a message that has none there. */
  readonly state: { readonly of?: string; readonly const?: string; readonly absent?: string; readonly codes: Readonly<Record<string, string>> };
  /** Which states may follow which; absent: any. */
  readonly moves?: Readonly<Record<string, readonly string[]>>;
  /** By state: what the case has passed by then. A message that brings such a state comes late, says nothing new, and moves nothing. */
  readonly behind?: Readonly<Record<string, readonly string[]>>;
  /** False: a message whose case is not known is unmatched. */
  readonly opens: boolean;
  /** What becomes of a message that is older than what is known. */
  readonly stale: "hold" | "filter" | "refuse";
  /** What becomes of a message whose case is not known or that names none; absent: held for the owner. `forMs`: held so long, then delivered. */
  readonly unmatched?: WorkOwner & { readonly do: "hold" | "deliver"; readonly forMs?: number };
  /** What all messages of a case have in common. */
  readonly same: readonly string[];
  /** Other cases that must be known. */
  readonly known: readonly (WorkOwner & { readonly kind: string; readonly key: readonly string[]; readonly do: "hold" | "deliver" })[];
  /** What the results of a message are held against. */
  readonly analytes?: AnalyteSpec;
  /** Times of which one party can have but one at once: what books another's time is a conflict. */
  readonly overlap?: OverlapSpec;
  /** A case that has not moved for so long is overdue, except in these states. */
  readonly due?: WorkOwner & { readonly inMs: number; readonly unless: readonly string[] };
  /** A case that comes to one of these states is somebody's work at once, until it moves on. */
  readonly work?: WorkOwner & { readonly when: readonly string[] };
}

/** What a case books: `of` in the times from `from` to `to`, unless its state is one of `unless`. */
export interface OverlapSpec extends WorkOwner {
  /** Channels of one word share their times, whatever kind their cases are of. */
  readonly what: string;
  /** Paths of who is booked: the first that has a value. Only what begins with `prefix` counts, without it. */
  readonly of: readonly string[];
  readonly prefix: string;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly unless: readonly string[];
  readonly do: "hold" | "refuse" | "deliver";
}
