import type { DatabaseSync } from "node:sqlite";
import { type Code, EngineError, type Random } from "../sdk/index.ts";
import { AlertBook } from "./alert-book.ts";
import { CaseBook } from "./case-book.ts";
import { guarded, openCaseFile } from "./case-file.ts";
import { Connection } from "./connection.ts";
import type { CaseQuestion, Cases, CaseVerdict, Swept, WorkCount, WorkItem, WorkQuery } from "./cases.ts";
import { decide, type HashedFacts } from "./decide.ts";
import { Sealer } from "./sealer.ts";
import { WorkBook } from "./work-book.ts";

export interface CasesOptions {
  /** The engine's data folder; absent: in memory, for a trial. */
  readonly dir?: string;
  readonly random: Pick<Random, "bytes">;
  /** The record's keyed hash. */
  readonly keyedId: (purpose: string, ...parts: readonly string[]) => string;
  /** When to decide what has been asked: after the sockets of this turn were read. */
  readonly defer: (run: () => void) => void;
  /** Told when the file cannot be written any more. */
  readonly onFault?: (code: Code) => void;
}

interface Waiting {
  readonly question: CaseQuestion;
  readonly resolve: (verdict: CaseVerdict) => void;
  readonly reject: (error: unknown) => void;
}

/** Opens the file of cases of an engine. Throws `CAS-201` or `CAS-202`. */
export function openCases(options: CasesOptions): Cases {
  return new SqliteCases(openCaseFile(options.dir), options);
}

/** One writer; what is asked while others are decided goes into the next commit, in the order of the messages. */
class SqliteCases implements Cases {
  readonly alerts: AlertBook;
  readonly #connection: Connection;
  readonly #cases: CaseBook;
  readonly #work: WorkBook;
  readonly #sealer: Sealer;
  readonly #options: CasesOptions;
  #asked: Waiting[] = [];

  constructor(db: DatabaseSync, options: CasesOptions) {
    this.#connection = new Connection(db, options.onFault);
    this.#options = options;
    this.#sealer = new Sealer(options.keyedId, options.random);
    this.#cases = new CaseBook(db);
    this.#work = new WorkBook(db, (item, sealed) => this.#sealer.open(item, sealed));
    this.alerts = new AlertBook({ connection: this.#connection, work: this.#work, sealer: this.#sealer, keyedId: options.keyedId });
  }

  ask(question: CaseQuestion): Promise<CaseVerdict> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ question, resolve, reject });
      if (this.#asked.length === 1) this.#options.defer(() => this.#answer());
    });
  }

  decided(message: number): CaseVerdict | undefined {
    return guarded(() => this.#cases.decided(message)?.verdict);
  }

  async raise({ list, owner, code, channel, message, at }: Parameters<Cases["raise"]>[0]): Promise<void> {
    this.#connection.commit(() => void this.#work.open({ list, owner, code }, { channel, message, at }));
  }

  settle(message: number, code: Code, at: number, by?: { readonly by: string; readonly reason: string }): void {
    const open = guarded(() => this.#work.openOf(message, code));
    if (open === undefined) return;
    this.#connection.commit(() => {
      if (by) this.#work.close(open, { at, by: by.by, reason: this.#sealer.seal(open, by.reason) });
      else this.#work.closeByEngine(open, at);
    });
  }

  differing(): readonly number[] {
    return guarded(() => this.#work.differing());
  }

  agreed(message: number, at: number): void {
    this.#connection.commit(() => this.#work.agreed(message, at));
  }

  list(query: WorkQuery): readonly WorkItem[] {
    return guarded(() => this.#work.list(query));
  }

  item(id: number): WorkItem | undefined {
    return guarded(() => this.#work.one(id));
  }

  close(id: number, { by, reason, at, release }: Parameters<Cases["close"]>[1]): WorkItem {
    return this.#connection.commit(() => {
      const code = this.#work.one(id)?.code;
      if (code === "CAS-110") throw new EngineError("CAS-206", { item: `w${id}` });
      if (code === "LAN-121") throw new EngineError("CAS-207", { item: `w${id}` });
      const item = this.#work.close(id, { at, by, reason: this.#sealer.seal(id, reason) });
      if (release) this.#cases.release(item.message);
      return item;
    });
  }

  counts(): readonly WorkCount[] {
    return guarded(() => this.#work.counts());
  }

  sweep(now: number): Swept {
    const due = guarded(() => this.#cases.due(now));
    const late = guarded(() => this.#cases.late(now));
    const raised = due.length + late.length === 0 ? [] : this.#connection.commit(() => {
      for (const message of late) this.#cases.release(message);
      return due.flatMap((row) => {
        this.#cases.raised(row);
        const { kind, key, channel, message } = row;
        return row.due ? [this.#work.open({ code: "CAS-109", ...row.due, about: { kind, key } }, { channel, message, at: now })] : [];
      });
    });
    return { raised, ready: [...new Set([...late, ...guarded(() => this.#cases.ready())])].toSorted((a, b) => a - b) };
  }

  resumed(message: number, at: number): void {
    this.#connection.commit(() => this.#work.closeOf(message, at));
  }

  prune(before: number): number {
    return this.#connection.commit(() => this.#cases.prune(before) + this.alerts.prune(before));
  }

  end(): void {
    const waiting = this.#asked.splice(0);
    for (const { reject } of waiting) reject(new EngineError("CAS-201"));
    this.#connection.close();
  }

  #answer(): void {
    const waiting = this.#asked.splice(0).toSorted((a, b) => a.question.message - b.question.message);
    if (waiting.length === 0) return;
    try {
      const verdicts = this.#connection.commit(() => waiting.map(({ question }) => this.#verdict(question)));
      for (const [i, { resolve }] of waiting.entries()) resolve(verdicts[i] as CaseVerdict);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  #verdict({ message, channel, spec, facts, isPutBack, at }: CaseQuestion): CaseVerdict {
    const known = this.#cases.decided(message);
    if (known && !(isPutBack && known.verdict.kind === "held")) return known.verdict;
    if (known?.released) {
      const [about] = facts.cases;
      const verdict: CaseVerdict = { kind: "passes", ...(about && { state: about.state }), isMatched: false };
      this.#cases.decide(message, verdict, at, true);
      this.#work.closeOf(message, at);
      return verdict;
    }
    const { verdict, moved, items } = decide({ spec, facts: this.#hashed(spec, facts), message, channel, at }, this.#cases);
    if (known) this.#work.closeOf(message, at);
    for (const row of moved) {
      this.#cases.put(row);
      this.#work.over(row.kind, Buffer.from(row.key, "hex"), at);
    }
    for (const item of items) this.#work.open(item, { channel, message, at });
    this.#cases.decide(message, verdict, at);
    return verdict;
  }

  #hashed({ kind, known, overlap }: CaseQuestion["spec"], facts: CaseQuestion["facts"]): HashedFacts {
    const { keyedId } = this.#options;
    return {
      ...facts,
      cases: facts.cases.map((fact) => ({ ...fact, key: keyedId("case", kind, fact.key) })),
      booked: facts.booked.map((who) => keyedId("booked", overlap?.what ?? "", who)),
      same: facts.same.map((values, i) => values.map((value) => keyedId("case same", kind, `${i}`, value))),
      known: facts.known.map((key, i) => (key === undefined ? undefined : keyedId("case", known[i]?.kind ?? "", key))),
    };
  }
}
