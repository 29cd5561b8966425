import type { SourceContext } from "../context.ts";
import type { FoundFile } from "../files.ts";
import { gone, isWhole, place, readPosition, type Standing, standing } from "./position.ts";

/**
 * What the record says of a file, and what this run knows beyond it: the file that the record is of may have left the folder since. Who then comes
 * back, mended or on purpose, is a new one.
 */
export class Recall {
  readonly #ctx: SourceContext;
  /** The word of the record whose file has left the folder. */
  #left: string | undefined;
  /** Taken by this run. */
  #taken: string | undefined;
  #isBegun = false;

  constructor(ctx: SourceContext) {
    this.#ctx = ctx;
  }

  /** What was taken whole and is not there at the first look left before the engine stopped. */
  begin(files: readonly FoundFile[]): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const at = readPosition(this.#word);
    if (at && isWhole(at) && files.every(({ mark }) => mark !== at.mark)) this.#left = this.#word;
  }

  /** Rejects with EngineError `STO-*`. */
  async standing(file: FoundFile): Promise<Standing> {
    const at = this.#of(file);
    if (at.kind === "new" || this.#left === undefined || this.#left !== this.#word) return at;
    await this.#ctx.moveCheckpoint({ of: place, value: gone });
    return this.#of(file);
  }

  /** Whether it was taken before this run. */
  isOfBefore({ mark }: FoundFile): boolean {
    return this.#taken !== mark;
  }

  takes({ mark }: FoundFile): void {
    this.#taken = mark;
  }

  /** A file has left the folder. One that was set aside may come back after any restart, hence the record. */
  async leaves(file: FoundFile, isSetAside: boolean): Promise<void> {
    this.#taken = undefined;
    if (this.#of(file).kind === "new") return;
    this.#left = this.#word;
    if (isSetAside) await this.#ctx.moveCheckpoint({ of: place, value: gone });
  }

  get #word(): string | undefined {
    return this.#ctx.checkpoint(place);
  }

  #of(file: FoundFile): Standing {
    return standing(readPosition(this.#word), file);
  }
}
