import type { Work } from "./work.ts";

/**
 * The works of the messages in flight, by message and the revision they run under: an entry that was put back may run under another than its siblings.
 * A list, though a Map would be plainer: a Map that entries come to and leave makes its table anew all the time, each points to the next, and so the
 * collector of young objects takes what stood in them for living. There are few, as the windows of the lanes bound them.
 */
export class Works {
  readonly #all: { readonly revision: string; readonly work: Work }[] = [];

  find(message: number, revision: string): Work | undefined {
    return this.#all[this.#at(message, revision)]?.work;
  }

  add(work: Work, revision: string): void {
    this.#all.push({ revision, work });
  }

  remove(message: number, revision: string): void {
    const at = this.#at(message, revision);
    const last = at < 0 ? undefined : this.#all.pop();
    if (last && at < this.#all.length) this.#all[at] = last;
  }

  #at(message: number, revision: string): number {
    return this.#all.findIndex((each) => each.work.message === message && each.revision === revision);
  }
}
