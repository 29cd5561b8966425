import type { Disposal, FoundFile, Inbox, InboxFile, Listed, SourceFiles } from "../index.ts";
import type { ManualClock } from "./manual-clock.ts";

interface Held {
  bytes: Uint8Array;
  changedAt: number;
  readonly node: string;
}

/** A folder in memory, both sides of it: the partner puts files and looks what became of them, the source takes them. */
export class MemoryInbox implements SourceFiles {
  /** What became of files, in that order. */
  readonly disposed: { readonly name: string; readonly how: Disposal }[] = [];
  /** When set, files cannot be taken out. */
  refuses: Error | undefined;
  readonly #clock: ManualClock;
  readonly #files = new Map<string, Held>();
  readonly #onOpen: () => { close(): Promise<void> };
  #nodes = 0;

  constructor(clock: ManualClock, onOpen: () => { close(): Promise<void> }) {
    this.#clock = clock;
    this.#onOpen = onOpen;
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** A partner writes a file, or writes it anew. With its `node`, one comes back that was here before. */
  put(name: string, bytes: Uint8Array, node?: string, changedAt = this.#clock.now()): void {
    const before = this.#files.get(name);
    this.#files.set(name, { bytes, changedAt, node: node ?? before?.node ?? String(++this.#nodes) });
  }

  async inbox(): Promise<Inbox> {
    const opened = this.#onOpen();
    return {
      list: async (wanted) => this.#list(wanted),
      open: async (found) => this.#openFile(found),
      close: () => opened.close(),
    };
  }

  #list(wanted: (name: string) => boolean): Listed {
    const files = [...this.#files].filter(([name]) => wanted(name)).map(([name, held]) => foundFile(name, held));
    return { files, skipped: 0 };
  }

  #openFile(found: FoundFile): InboxFile | undefined {
    const held = this.#files.get(found.name);
    if (!held || foundFile(found.name, held).mark !== found.mark) return undefined;
    const { bytes } = held;
    return {
      found,
      read: async (offset, length) => bytes.slice(offset, offset + length),
      unchanged: async () => foundFile(found.name, held).mark === found.mark && held.bytes === bytes,
      dispose: async (how) => {
        if (this.refuses) throw this.refuses;
        if (this.#files.get(found.name) === held) this.#files.delete(found.name);
        this.disposed.push({ name: found.name, how });
      },
      close: async () => {},
    };
  }
}

function foundFile(name: string, { bytes, changedAt, node }: Held): FoundFile {
  return { name, size: bytes.length, changedAt, mark: `${node}.${bytes.length}.${changedAt}`, node };
}
