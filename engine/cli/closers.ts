/** What a running engine must close, last opened first. One that fails does not keep the others open. */
export class Closers {
  #all: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.#all.push(close);
  }

  /** Closes everything once; rejects with the first error after all have been tried. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#all.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
