import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isSuspension } from "../../phi/codes.ts";
import type { Disclosing } from "../../phi/disclosure.ts";
import type { Settlement } from "../store.ts";
import { keyedHash, type MasterKeys } from "../vault.ts";
import { signed, type Signer, stride } from "./checkpoint.ts";
import { publicText } from "./key.ts";
import { lineAfter, type Link } from "./line.ts";
import type { LedgerRecord, Notice } from "./notice.ts";
import { noticeWords, wordsOf } from "./wording.ts";

/** Patients whose hashes are kept: the same one goes to several destinations, and comes again. */
const mostHashes = 4096;

/** What a process brings along when it opens a ledger. */
export interface Opened {
  readonly signer: Signer;
  /** Number of the last line that earlier processes wrote; 0: there is none. */
  readonly after: number;
}

/** What the entry is, of which something is written. */
export interface Entered {
  readonly lane: string;
  readonly message: number;
  readonly intent: number | null;
}

/**
 * The ledger of disclosures as the only writer of the record makes it: lines of a chain, committed with the change that they are about, and brought
 * to their files behind it (`scribe.ts`). The record keeps the number and hash of the last one.
 */
export class LedgerBook {
  readonly #db: DatabaseSync;
  readonly #keys: MasterKeys;
  readonly #signer: Signer;
  readonly #after: number;
  readonly #newId: string;
  readonly #sql;
  readonly #hashes = new Map<string, string>();
  #ledger = "";
  #head: Link = { n: 0, hash: "" };
  #sealed = 0;
  #key = "";
  #lines: string[] = [];
  /** ISO 8601 of this commit. */
  #at = "";
  #atMs = Number.NaN;

  constructor(db: DatabaseSync, keys: MasterKeys, { signer, after }: Opened, newId: string) {
    this.#db = db;
    this.#keys = keys;
    this.#signer = signer;
    this.#after = after;
    this.#newId = newId;
    this.#sql = prepare(db);
    this.forget();
  }

  /** The time of this commit, ms since epoch. */
  set at(at: number) {
    if (at !== this.#atMs) this.#at = new Date(at).toISOString();
    this.#atMs = at;
  }

  /** Number of the next record. */
  get next(): number {
    return this.#head.n + 1 + (this.#ledger === "" || this.#isFirst ? 1 : 0) + (this.#key === this.#signer.id ? 0 : 1);
  }

  /** Gives the number of the intent, which its outcome names. */
  intent(lane: string, message: number, about: Disclosing): number {
    return this.#add(wordsOf({ kind: "intent", at: this.#at, lane, message }, about, this.#hash));
  }

  /** Gives whether the entry is without an intent from now on: what is withheld needs another before it leaves. */
  settled({ lane, message, intent }: Entered, { state, at, attempts, code, reason, partner, permit }: Settlement): boolean {
    const words = { at: new Date(at).toISOString(), lane, message, code, rule: ruleIn(reason) };
    const of = intent ?? undefined;
    if (state === "waiting") {
      if (code === undefined || !isSuspension(code)) return false;
      this.#add({ kind: "withheld", ...words, of, partner, attempts });
      return intent !== null;
    }
    if (state === "held") return false;
    if (intent !== null) {
      const { agreement, basis, purpose, breakGlass } = permit ?? {};
      // In the order of canonical JSON.
      this.#add({ agreement, at: words.at, attempts, basis, breakGlass, code, kind: "outcome", lane, message, of, purpose, rule: words.rule, state });
    } else if (state === "refused") this.#add({ kind: "denied", ...words, partner, attempts });
    return intent !== null;
  }

  notice(notice: Notice): void {
    this.#add(noticeWords(this.#at, notice, this.#hash));
  }

  /** Signs the head, unless it is signed. */
  seal(): void {
    if (this.#head.n <= this.#sealed) return;
    this.#begin();
    this.#checkpoint();
  }

  /** As the last step of a transaction. */
  flush(): void {
    if (this.#lines.length === 0) return;
    this.#sql.send.run(this.#head.n, `${this.#lines.join("\n")}\n`);
    this.#sql.setHead.run(this.#ledger, this.#head.n, this.#head.hash, this.#sealed, this.#key);
    this.#lines = [];
  }

  /** The files have every line up to this one. */
  filed(last: number): void {
    // These lines stand in their files: to overwrite them with zeros would write each of them once more.
    this.#db.exec("PRAGMA secure_delete=OFF");
    try {
      this.#sql.filed.run(last);
    } finally {
      this.#db.exec("PRAGMA secure_delete=ON");
    }
  }

  /** After a rollback, and at the start. */
  forget(): void {
    const row = this.#sql.head.get() as { ledger: string; n: number; hash: string; sealed: number; key: string } | undefined;
    this.#lines = [];
    this.#ledger = row?.ledger ?? "";
    this.#head = { n: row?.n ?? 0, hash: row?.hash ?? "0".repeat(64) };
    this.#sealed = row?.sealed ?? 0;
    this.#key = row?.key ?? this.#signer.id;
  }

  /** Whether this process has written nothing yet: an intent that is open now was open when another process ended, and may have left. */
  get #isFirst(): boolean {
    return this.#head.n > 0 && this.#head.n === this.#after;
  }

  #add(record: LedgerRecord): number {
    this.#begin();
    const n = this.#write(record);
    if (n - this.#sealed >= stride) this.#checkpoint();
    return n;
  }

  #begin(): void {
    if (this.#ledger === "") {
      this.#ledger = this.#newId;
      const before = this.#sql.before.get() as { value: string } | undefined;
      this.#write({ kind: "begin", ...(before && { after: JSON.parse(before.value) as LedgerRecord }), at: this.#at, ledger: this.#ledger, key: publicText(this.#signer.privateKey), version: 1 });
    }
    if (this.#isFirst) this.#write({ kind: "started", at: this.#at });
    if (this.#key !== this.#signer.id) {
      this.#key = this.#signer.id;
      this.#write({ kind: "key", at: this.#at, key: publicText(this.#signer.privateKey) });
    }
  }

  #checkpoint(): void {
    this.#write({ checkpoint: { ...signed(this.#head, this.#ledger, this.#at, this.#signer) } });
    this.#sealed = this.#head.n;
  }

  #write(record: LedgerRecord): number {
    const { line, ...link } = lineAfter(this.#head, record);
    this.#lines.push(line);
    this.#head = link;
    return link.n;
  }

  readonly #hash = (owner: string, id: string): string => {
    const name = `${owner.length}:${owner}${id}`;
    let hash = this.#hashes.get(name);
    if (hash === undefined) {
      hash = Buffer.from(keyedHash(this.#keys, "id patient", owner, id)).toString("hex");
      if (this.#hashes.size >= mostHashes) this.#hashes.clear();
      this.#hashes.set(name, hash);
    }
    return hash;
  };
}

/** The rule alone: where it struck may be a name that code made of a value. */
function ruleIn(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : /^[a-z][a-z-]{0,40}(?= |$)/.exec(reason)?.[0];
}

function prepare(db: DatabaseSync) {
  const sql = (text: string): StatementSync => db.prepare(text);
  return {
    head: sql("SELECT ledger, n, hash, sealed, key FROM ledger WHERE id=1"),
    setHead: sql("INSERT OR REPLACE INTO ledger VALUES(1, ?, ?, ?, ?, ?)"),
    before: sql("SELECT value FROM about WHERE name='ledger before'"),
    send: sql("INSERT INTO transit VALUES(?, ?)"),
    filed: sql("DELETE FROM transit WHERE last<=?"),
  };
}
