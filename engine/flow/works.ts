import type { Work } from "./work.ts";

interface InFlight {
  readonly revision: string;
  readonly work: Work;
}

/** Messages are numbered one after the other, so that even thousands in flight share their lists with few. */
const lists = 256;

/**
 * The works of the messages in flight, by message and the revision they run under: an entry that was put back may run under another than its siblings.
 * Lists by number, though a Map would be plainer: a Map that entries come to and leave makes its table anew all the time, each points to the next, and so
 * the collector of young objects takes what stood in them for living.
 */
export class Works {
  readonly #lists: readonly InFlight[][] = Array.from({ length: lists }, () => []);

  find(message: number, revision: string): Work | undefined {
    const list = this.#of(message);
    return list[indexIn(list, message, revision)]?.work;
  }

  add(work: Work, revision: string): void {
    this.#of(work.message).push({ revision, work });
  }

  remove(message: number, revision: string): void {
    const list = this.#of(message);
    const at = indexIn(list, message, revision);
    const last = at < 0 ? undefined : list.pop();
    if (last && at < list.length) list[at] = last;
  }

  #of(message: number): InFlight[] {
    return this.#lists[message % lists] as InFlight[];
  }
}

function indexIn(list: readonly InFlight[], message: number, revision: string): number {
  for (let i = 0; i < list.length; i++) {
    const { work, revision: other } = list[i] as InFlight;
    if (work.message === message && other === revision) return i;
  }
  return -1;
}
