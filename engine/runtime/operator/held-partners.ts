import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { syncDirectory } from "../../store/master-key.ts";

/** Partners that a person holds everything to, on the disk before it counts: a lane that a later project adds is held too. Names and times alone. */
export class HeldPartners {
  readonly #path: string;
  readonly #folder: string;
  readonly #since: Map<string, number>;

  constructor(dataFolder: string) {
    this.#folder = dataFolder;
    this.#path = join(dataFolder, "held-partners.json");
    this.#since = new Map(Object.entries(read(this.#path)));
  }

  /** When each began, ms since epoch. */
  get since(): ReadonlyMap<string, number> {
    return this.#since;
  }

  hold(partner: string, at: number): void {
    this.#write(new Map([...this.#since, [partner, at]]));
  }

  release(partner: string): boolean {
    if (!this.#since.has(partner)) return false;
    this.#write(new Map([...this.#since].filter(([name]) => name !== partner)));
    return true;
  }

  #write(next: ReadonlyMap<string, number>): void {
    const file = openSync(`${this.#path}.part`, "w", 0o600);
    writeFileSync(file, JSON.stringify(Object.fromEntries(next)));
    fsyncSync(file);
    closeSync(file);
    renameSync(`${this.#path}.part`, this.#path);
    syncDirectory(this.#folder);
    this.#since.clear();
    for (const [name, at] of next) this.#since.set(name, at);
  }
}

/** A file that cannot be read must not release anybody: only its absence says that nobody is held. */
function read(path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, number>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
