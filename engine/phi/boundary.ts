import type { Basis, Channel, Classification, DestinationSpec, Partner } from "../config/project.ts";
import type { Tree } from "../codec/tree.ts";
import type { Grant } from "./break-glass.ts";
import type { Code, Content, Envelope, Released } from "../sdk/index.ts";

/**
 * Label of a piece of data (phi.md 1.1): a point of the product of level, compartments, owners, purposes and obligations. `purposes` absent: any that
 * an agreement grants, the bottom of that part. Unknown is the top.
 */
export type Label = Classification;

/** What lets data go: which agreement, and for what. Nothing about a person needs none. */
export interface Permit {
  readonly agreement?: string;
  /** Where data of several owners goes under several of them: all. */
  readonly agreements?: readonly string[];
  readonly basis?: Basis;
  readonly purpose?: string;
  /** Two people have lifted what the agreements lack (phi.md 1.14): the id of their grant. */
  readonly breakGlass?: string;
}

export type Verdict = { readonly permit: Permit } | { readonly refusal: Refusal };

/** Why something may not leave: rule, place, never a value. `rule` says which check, `where` a part of the envelope or a field. */
export interface Refusal {
  readonly code: Code;
  readonly rule: string;
  readonly where?: string;
}

/** Identifiers of one message, harvested once by trusted code and used for all its destinations. */
export interface Harvest {
  readonly size: number;
}

/** What the flow asks of the boundary. `engine/phi/index.ts` implements it. */
export interface Boundary {
  /** Identifiers of this very message, from the raw tree (phi.md 2.3). */
  harvest(raw: Tree, format: Content["format"]): Harvest;
  /** The closed list: takes the transform's result (JSON text) and the raw message; gives the canonical body or why not. */
  project(input: {
    readonly channel: Channel;
    readonly destination: DestinationSpec;
    readonly result: string;
    readonly raw: Tree;
    readonly mint: Mint;
    /** Wall clock in ms, from which a field `year` counts; without it no year fits. */
    readonly now?: number;
  }): { readonly content: Content } | { readonly refusal: Refusal };
  /** What a message says of itself: compartments and obligations that its labels, codes and flags name (phi.md 1.3). Never lower than what it says. */
  label(raw: Tree, format: Content["format"]): Found;
  /** The declassifier of a destination (phi.md 1.7), over text of `format`: by policy data alone, no code of the project has a part in it. */
  deidentify(input: {
    readonly text: string;
    readonly format: Content["format"];
    readonly channel: Channel;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    readonly raw: Tree;
    /** Wall clock in ms: ages count from the latest date of the record or now, whichever is later. */
    readonly now: number;
    readonly mint: Mint;
  }): { readonly text: string; readonly format: Content["format"] } | { readonly refusal: Refusal };
  /** May data with this label go to this partner at this moment (phi.md 1.6, 1-4)? Evaluated at every attempt. */
  permits(input: {
    readonly label: Label;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    readonly now: number;
    readonly grant?: Grant | undefined;
    /** An answer over the link that the message came by: no step of the engine is between. */
    readonly isReply?: boolean;
  }): Verdict;
  /**
   * Reads every part of the envelope. What `copy` fields took is known from the destination's closed list; `exempt` adds values that the
   * engine made for this message, such as its id.
   */
  guard(input: {
    readonly envelope: Envelope;
    readonly harvest: Harvest;
    readonly label: Label;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    readonly exempt?: readonly string[];
    /** Whose data the message holds; the label of what leaves may name nobody any more. */
    readonly owners?: readonly string[];
    /** What of the envelope's names the engine made (the day of acceptance, the message's number): it may stand there beside other text, and nowhere else. */
    readonly minted?: readonly string[];
    /** An emergency access that stands for this lane now. */
    readonly grant?: Grant | undefined;
  }): Refusal | undefined;
  /** The only maker of a `Released`; evaluates `permits` and `guard` and gives the envelope or the refusal. */
  release(input: {
    readonly envelope: Envelope;
    readonly harvest: Harvest;
    /** Of further messages in the same envelope: it is read for the identifiers of each. */
    readonly others?: readonly Harvest[];
    readonly label: Label;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    /** The partner as of the moment when it is asked: what is released stands for the socket while it still lets the envelope go. Absent: as given. */
    readonly partnerNow?: () => Partner | undefined;
    readonly now: number;
    readonly exempt?: readonly string[];
    /** Whose data the message holds; the label of what leaves may name nobody any more. */
    readonly owners?: readonly string[];
    /** What of the envelope's names the engine made (the day of acceptance, the message's number): it may stand there beside other text, and nowhere else. */
    readonly minted?: readonly string[];
    /** An emergency access that stands for this lane now. */
    readonly grant?: Grant | undefined;
  }): { readonly released: Released; readonly permit: Permit } | { readonly refusal: Refusal };
}

/** What a labeller saw. `unknown`: something that restricts, and that nobody knows how. */
export interface Found {
  readonly compartments: readonly string[];
  readonly obligations: readonly string[];
  /** Purposes for which its labels say it may be used; absent: they say none. */
  readonly purposes?: readonly string[];
  readonly unknown: boolean;
}

/** Mints surrogates: random tokens, the same for the same (partner, kind, value), kept by the store. */
export interface Mint {
  /** A token for this value toward this partner; without `value`, a fresh one for this message. */
  surrogate(partner: string, kind: string, value?: string): string;
  /** A keyed pseudonym, 32 hex digits: HMAC under a key of this store, of owner and partner. Derived, so Safe Harbor has no use for it. */
  pseudonym(owner: string, partner: string, kind: string, value: string): string;
  /** Whole days by which a patient's dates move toward a partner: the same in every message and format, -365 to 365 and never between -7 and 7. */
  shiftDays(owner: string, partner: string, patient: string): number;
}
