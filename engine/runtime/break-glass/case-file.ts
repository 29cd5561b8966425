import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../../sdk/index.ts";
import type { Request, Signed, Word } from "./documents.ts";

/** One emergency access on disk: what was signed, by whom, and how many messages it let through. */
export interface Case {
  readonly request: Signed<Request>;
  readonly words: readonly Signed<Word>[];
  readonly used: number;
}

/** The cases of a data folder, one file each, readable by their owner alone; a change is whole on disk or not there. */
export class CaseFiles {
  readonly #folder: string;

  constructor(data: string) {
    this.#folder = join(data, "break-glass");
  }

  /** A file that cannot be read throws RUN-241: nobody knows what it granted. */
  read(): Map<string, Case> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const found = new Map<string, Case>();
    for (const file of readdirSync(this.#folder).filter((name) => name.endsWith(".json"))) {
      try {
        const each = JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Case;
        if (typeof each.used !== "number" || !Array.isArray(each.words)) throw new TypeError("case");
        found.set(file.slice(0, -5), each);
      } catch {
        throw new EngineError("RUN-241", { file });
      }
    }
    return found;
  }

  write(id: string, what: Case): void {
    const path = join(this.#folder, `${id}.json`);
    const file = openSync(`${path}.new`, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(what));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
    const folder = openSync(this.#folder, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}
