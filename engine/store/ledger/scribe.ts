import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type Code, codeOf } from "../../sdk/error.ts";
import type { Clock } from "../../sdk/index.ts";
import { syncDirectory } from "../master-key.ts";
import type { Op, Result } from "../op.ts";
import { Anchor } from "./anchor.ts";
import { catchUp, type Transit } from "./catch-up.ts";
import { fileName, ledgerFolderName, monthOf, type Place } from "./files.ts";

export interface ScribeOptions {
  readonly dir: string;
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly submit: (op: Op) => Promise<Result>;
  /** Nothing is written any more. */
  readonly stopped: () => boolean;
  readonly onFault: (code: Code) => void;
  /** Whether to work on its own; else when it is asked to. */
  readonly timer: boolean;
  /** Folder that gets a copy of every checkpoint. */
  readonly anchor?: string;
}

const fileMs = 250;
const sealMs = 10_000;
const againMs = 5_000;
const most = { rows: 64, fileBytes: 64 * 1024 * 1024 };

/**
 * Brings lines of the ledger from the record to their files, behind every commit. The record is what a disclosure rests on: a file that cannot be
 * written now is caught up with later.
 */
export class Scribe {
  readonly #options: ScribeOptions;
  readonly #folder: string;
  readonly #next;
  readonly #anchor: Anchor | undefined;
  #place: Place | undefined;
  #file: FileHandle | undefined;
  /** The last line that is in a file, and the last that the record does not keep any more. */
  #last = 0;
  #crossed = 0;
  #filing: ReturnType<Clock["after"]> | undefined;
  #sealing: ReturnType<Clock["after"]> | undefined;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  /** Throws STO-501 when the files are not those of the record. */
  constructor(options: ScribeOptions) {
    this.#options = options;
    this.#folder = join(options.dir, ledgerFolderName);
    this.#anchor = options.anchor === undefined ? undefined : new Anchor(options.anchor, options.onFault);
    this.#next = options.db.prepare(`SELECT last, lines FROM transit WHERE last>? ORDER BY last LIMIT ${most.rows}`);
    this.#place = this.#caughtUp();
  }

  /** Something may have been committed. */
  notice(): void {
    const { timer, clock } = this.#options;
    if (!timer || this.#closed) return;
    this.#sealing ??= clock.after(sealMs, () => {
      this.#sealing = undefined;
      void this.file();
    });
    this.#wake(fileMs);
  }

  /** Signs the head and brings all that is committed to the files. */
  file(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#options.stopped()) await this.#options.submit({ kind: "seal" });
      await this.#fileAll();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#filing?.cancel();
    this.#sealing?.cancel();
    await this.file();
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
  }

  #wake(ms: number): void {
    if (this.#closed) return;
    this.#filing ??= this.#options.clock.after(ms, () => {
      this.#filing = undefined;
      void this.#inTurn(() => this.#fileAll());
    });
  }

  /** Never rejects: what fails is tried again. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(work).catch(async (error) => {
      this.#options.onFault(codeOf(error, "STO-503"));
      // How much of a line reached the file is not known: it is cut and written again.
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      this.#place = undefined;
      if (this.#options.timer) this.#wake(againMs);
    });
    return this.#working;
  }

  async #fileAll(): Promise<void> {
    this.#place ??= this.#caughtUp();
    await this.#cross();
    for (let rows = this.#rows(); rows.length > 0; rows = this.#rows()) {
      await this.#append(rows.map(({ lines }) => lines).join(""));
      this.#last = rows.at(-1)?.last ?? this.#last;
      await this.#cross();
    }
  }

  #caughtUp(): Place {
    const { filed, ...place } = catchUp(this.#options.dir, this.#options.db);
    this.#last = Math.max(this.#last, filed);
    return place;
  }

  async #cross(): Promise<void> {
    if (this.#crossed === this.#last || this.#options.stopped()) return;
    const last = this.#last;
    await this.#options.submit({ kind: "filed", last });
    this.#crossed = last;
  }

  #rows(): readonly Transit[] {
    const { db } = this.#options;
    return db.isOpen ? (this.#next.all(this.#last) as unknown as Transit[]) : [];
  }

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const month = monthOf(bytes);
    let place = this.#place ?? { number: 1, bytes: 0, month };
    if (place.bytes > 0 && (place.bytes >= most.fileBytes || (month !== "" && month !== place.month))) {
      await this.#file?.close();
      this.#file = undefined;
      place = { number: place.number + 1, bytes: 0, month };
    }
    const file = (this.#file ??= await open(join(this.#folder, fileName(place.number)), "a", 0o600));
    await file.appendFile(bytes);
    await file.datasync();
    if (place.bytes === 0) syncDirectory(this.#folder);
    this.#place = { number: place.number, bytes: place.bytes + bytes.length, month: place.month || month };
    this.#anchor?.copy(text);
  }
}
