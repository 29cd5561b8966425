import type { Channel, DestinationSpec, Level, Partner } from "../config/project.ts";
import type { Tree } from "../codec/tree.ts";
import type { Code, Content, Envelope, Released } from "../sdk/index.ts";

/** Label of a piece of data (first cut of phi.md 1.1: level and compartments). Unknown is the top. */
export interface Label {
  readonly level: Level;
  readonly compartments: readonly string[];
}

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
  }): { readonly content: Content } | { readonly refusal: Refusal };
  /** May data with this label go to this partner at this moment (phi.md 1.6, 1-4)? Evaluated at every attempt. */
  permits(input: {
    readonly label: Label;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    readonly now: number;
  }): Refusal | undefined;
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
    /** What of the envelope's names the engine made (the day of acceptance, the message's number): it may stand there beside other text, and nowhere else. */
    readonly minted?: readonly string[];
  }): Refusal | undefined;
  /** The only maker of a `Released`; evaluates `permits` and `guard` and gives the envelope or the refusal. */
  release(input: {
    readonly envelope: Envelope;
    readonly harvest: Harvest;
    readonly label: Label;
    readonly destination: DestinationSpec;
    readonly partner: Partner;
    readonly now: number;
    readonly exempt?: readonly string[];
    /** What of the envelope's names the engine made (the day of acceptance, the message's number): it may stand there beside other text, and nowhere else. */
    readonly minted?: readonly string[];
  }): { readonly released: Released } | { readonly refusal: Refusal };
}

/** Mints surrogates: random tokens, the same for the same (partner, kind, value), kept by the store. */
export interface Mint {
  /** A token for this value toward this partner; without `value`, a fresh one for this message. */
  surrogate(partner: string, kind: string, value?: string): string;
}
