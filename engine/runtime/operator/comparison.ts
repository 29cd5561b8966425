import type { Code } from "../../sdk/index.ts";
import type { MessageId } from "../../store/store.ts";
import type { FieldDifference } from "./difference.ts";

/** What an edit would change for messages of the record: outcomes and paths, never values. */
export interface Comparison {
  readonly channel: string;
  /** Revision that runs, and that of the files. */
  readonly running?: string;
  readonly working: string;
  /** Messages that were tried. */
  readonly messages: number;
  /** Messages whose content is not kept any more. */
  readonly gone: number;
  readonly destinations: readonly DestinationComparison[];
}

export interface DestinationComparison {
  readonly destination: string;
  readonly same: number;
  /** Sent then, and what was sent is not kept any more. */
  readonly unknown: number;
  /** Those that differ, by what became of them: `sent → sent`, `sent → refused PHI-201`. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Where what would be sent differs from what was, most often first. */
  readonly fields: readonly { readonly path: string; readonly changed: number; readonly added: number; readonly removed: number }[];
  /** The newest messages that differ. */
  readonly examples: readonly MessageId[];
}

/** Values of one message, for somebody who has stated a purpose. */
export interface ComparedValues {
  readonly message: MessageId;
  readonly destination: string;
  readonly differences: readonly FieldDifference[];
}

/** What became of a message at a destination, in a word and a code. */
export function outcomeText(kind: string, code?: Code): string {
  return code === undefined ? kind : `${kind} ${code}`;
}
