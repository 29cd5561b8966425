/** Lets callers through one by one in the order in which they came, each after what it waits for. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  pass(wait: () => Promise<unknown> | undefined): Promise<void> {
    const turn = this.#last.then(wait);
    this.#last = turn.catch(() => undefined);
    return turn.then(() => undefined);
  }
}
