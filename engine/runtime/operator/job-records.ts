import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobView } from "./job.ts";
import type { Selection } from "./selection.ts";

/** A job as it stands on the disk. A selection that holds a control id is not kept: that is content. */
export interface KeptJob {
  readonly view: JobView;
  readonly selection?: Selection;
}

/** Jobs of so long ago are of no use any more; their messages have histories of their own. */
const most = 100;

/** Where jobs stood, in a folder beside the record, so that an engine that ended half way can say so. No content and no reason is in it. */
export class JobRecords {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, "jobs");
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  keep({ view, selection }: KeptJob): void {
    const path = join(this.#folder, `${view.id}.json`);
    writeFileSync(`${path}.part`, JSON.stringify({ view, ...(selection?.controlId === undefined ? { selection } : {}) }), { mode: 0o600 });
    renameSync(`${path}.part`, path);
  }

  /** Oldest first. */
  all(): readonly KeptJob[] {
    const ids = readdirSync(this.#folder).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])).sort((a, b) => a - b);
    for (const id of ids.splice(0, Math.max(0, ids.length - most))) rmSync(join(this.#folder, `${id}.json`), { force: true });
    return ids.flatMap((id) => {
      try {
        return [JSON.parse(readFileSync(join(this.#folder, `${id}.json`), "utf8")) as KeptJob];
      } catch {
        return [];
      }
    });
  }
}
