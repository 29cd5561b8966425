import { readStructure } from "./lines.ts";
import type { Loop, SegmentUse, Transaction } from "./structure.ts";

/** One file of schemas/x12/transactions. */
export interface Facts {
  readonly key: string;
  readonly transaction: string;
  readonly version: string;
  readonly conventions: readonly string[];
  readonly group: string;
  readonly name: string;
  readonly chosenBy?: { readonly segment: string; readonly element: number; readonly codes: readonly string[] };
  readonly structure: readonly string[];
}

/** What the header of a transaction set says of itself. */
export interface Asked {
  /** ST01. */
  readonly id: string;
  /** ST03, or GS08 where the set has none: `005010X222A1`, `004010X098A1`, `005010`. */
  readonly convention?: string;
  /** The value of an element of the set, for one convention with two structures (BHT02 of the 278): asked by segment id and element number. */
  readonly value?: (segment: string, element: number) => string | undefined;
}

export interface Grammars {
  /**
   * The grammar of a transaction set; `undefined` when there is none. A convention of another addendum (`005010X222A2` for `005010X222A1`) is the
   * same grammar; a version alone (`005010`) finds one only where the transaction set has a single convention of that version.
   */
  transactionFor(asked: Asked): Transaction | undefined;
  /** Every grammar there is. */
  transactions(): Iterable<Transaction>;
}

/** Grammars of the facts, each read at its first use. */
export function grammarsOf(all: readonly Facts[]): Grammars {
  const read = new Map<Facts, Transaction>();
  const transactionOf = (facts: Facts): Transaction => {
    const made = read.get(facts) ?? transaction(facts);
    read.set(facts, made);
    return made;
  };
  return {
    transactionFor(asked) {
      const one = factsFor(all, asked);
      return one === undefined ? undefined : transactionOf(one);
    },
    *transactions() {
      for (const facts of all) yield transactionOf(facts);
    },
  };
}

function factsFor(all: readonly Facts[], { id, convention = "", value }: Asked): Facts | undefined {
  const of = all.filter((each) => each.transaction === id);
  const base = withoutAddendum(convention);
  const same = of.filter((each) => each.conventions.some((known) => withoutAddendum(known) === base));
  const fit = same.length > 0 || base.length > 6 ? same : of.filter(({ version }) => version === base.padEnd(6, "0"));
  if (fit.length < 2) return fit[0];
  const asks = fit.every(({ chosenBy }) => chosenBy !== undefined);
  return fit.find(({ chosenBy: by }) => by?.codes.includes(value?.(by.segment, by.element) ?? "")) ?? (asks ? fit[0] : undefined);
}

/** `005010X222A1` and `005010X222` are one. */
function withoutAddendum(convention: string): string {
  return convention.replace(/(?<=X\d{3})[AE]\d$/, "");
}

function transaction(facts: Facts): Transaction {
  const { key, transaction: id, version, conventions, group, name, chosenBy } = facts;
  const root = { kind: "loop", id: "ST", name, usage: "R", max: 1, position: 0, children: readStructure(facts.structure) } as const;
  return { key, id, version, conventions, group, name, root, uses: usesIn(root, new Map()), ...(chosenBy && { chosenBy: { ...chosenBy, component: 0 } }) };
}

function usesIn(loop: Loop, into: Map<string, SegmentUse[]>): Map<string, SegmentUse[]> {
  for (const child of loop.children) {
    if (child.kind === "loop") usesIn(child, into);
    else if (into.has(child.id)) into.get(child.id)?.push(child);
    else into.set(child.id, [child]);
  }
  return into;
}
