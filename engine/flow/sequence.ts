import { readHeader } from "../codec/ack/index.ts";
import type { Channel } from "../config/project.ts";
import type { AcceptRequest, Store, StoreCare } from "../store/store.ts";
import { readText } from "./encoding.ts";

type Checkpoint = NonNullable<AcceptRequest["checkpoint"]>;

/** What the sequence number of a message (MSH-13) means on its link; `expected` is what its answer says in MSA-4, -1 for any. */
export type Sequenced =
  /** The next one, or the first: it is kept together with its number. */
  | { readonly kind: "next"; readonly expected: number; readonly checkpoint: Checkpoint }
  /** The sender begins (0), or sends the last one again: nothing is kept. */
  | { readonly kind: "known"; readonly expected: number }
  /** The sender begins anew (-1): the number is forgotten. */
  | { readonly kind: "reset"; readonly expected: -1; readonly checkpoint: Checkpoint }
  /** Neither: something is missing between, or comes late. */
  | { readonly kind: "unexpected"; readonly expected: number };

/**
 * The sequence number protocol (HL7 v2 chapter 2.10.1): for each link, a sending application and facility of a channel, the number of the last message that was
 * accepted stands in the record, in the same commit as the message. Messages without a number are no part of it.
 */
export class Sequence {
  readonly #store: Pick<Store & StoreCare, "checkpoint">;
  /** By link: the number of the last message that is being kept, ahead of the record. */
  readonly #ahead = new Map<string, number>();

  constructor(store: Pick<Store & StoreCare, "checkpoint">) {
    this.#store = store;
  }

  of(channel: Channel, raw: Uint8Array): Sequenced | undefined {
    const head = headOf(channel, raw);
    if (head === undefined || !/^(?:-1|\d{1,10})$/.test(head.sequence)) return undefined;
    const number = Number(head.sequence);
    const of = `${channel.name}\nsequence\n${head.sendingApplication}\n${head.sendingFacility}`;
    const after = this.#ahead.get(of)?.toString() ?? this.#store.checkpoint(of) ?? "";
    if (number === -1) {
      this.#ahead.delete(of);
      return { kind: "reset", expected: -1, checkpoint: { of, value: "" } };
    }
    const expected = after === "" ? -1 : Number(after) + 1;
    if (number === 0 || number === expected - 1) return { kind: "known", expected };
    if (after !== "" && number !== expected) return { kind: "unexpected", expected };
    this.#ahead.set(of, number);
    return { kind: "next", expected: number + 1, checkpoint: { of, value: String(number), after } };
  }

  /** It was kept, or it was not: from now on the record says where the link stands. */
  settled({ checkpoint: { of, value } }: Extract<Sequenced, { kind: "next" }>, isKept: boolean): void {
    if (!isKept || this.#ahead.get(of) === Number(value)) this.#ahead.delete(of);
  }
}

function headOf(channel: Channel, raw: Uint8Array): ReturnType<typeof readHeader> {
  try {
    return readHeader(readText(raw, channel.source).text);
  } catch {
    return undefined;
  }
}
