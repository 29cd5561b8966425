import type { Released } from "./envelope.ts";

/** A folder a source takes files from. Paths are relative to the project or absolute; all on one file system. */
export interface InboxOptions {
  readonly directory: string;
  /** Where taken files go, for `move` and `archive`. */
  readonly moveTo?: string;
  /** Where files go that cannot be taken. */
  readonly errorTo?: string;
}

/** A regular file of the folder as it stood when it was listed. */
export interface FoundFile {
  /** May be personal (`DOE_JANE.csv`): never into a problem, a checkpoint or a message's id. */
  readonly name: string;
  readonly size: number;
  /** Last change, ms since epoch. */
  readonly changedAt: number;
  /**
   * Says that it is the same file with the same content, for as long as nobody touches it: numbers of the file system alone, and no
   * name, so that it may stand in a checkpoint. `mark` changes with every write, `node` only with another file: `NUMBER@MADE`, or
   * the number alone where the file system does not say when it was made.
   */
  readonly mark: string;
  readonly node: string;
}

export interface Listed {
  readonly files: readonly FoundFile[];
  /** Entries that matched and were passed over: links, pipes, folders and devices, and names that are not safe to move. */
  readonly skipped: number;
}

/** What becomes of a file once it is dealt with. `archive` is `move` into a folder for each day. */
export type Disposal = "delete" | "move" | "archive" | "error";

/** An open file of an inbox. What is read is the file that was listed, whatever happens to its name meanwhile. */
export interface InboxFile {
  readonly found: FoundFile;
  /**
   * Bytes from an offset; fewer than asked at the end. Who reads a long file piece by piece gives the memory to read `into` (at least `length` bytes) and uses it again.
   * Rejects with EngineError `DIR-*`.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  /** Whether it still is as it was listed. */
  unchanged(): Promise<boolean>;
  /**
   * Takes the file out of the folder. Overwrites nothing: where the name is taken, the engine makes one. A file that took this one's
   * name meanwhile stays where it is. Rejects with EngineError `DIR-*`; then the file is still in the folder.
   */
  dispose(how: Disposal): Promise<void>;
  close(): Promise<void>;
}

export interface Inbox {
  /** The folder's regular files whose name is wanted, in no order. Rejects with EngineError `DIR-*`. */
  list(wanted: (name: string) => boolean): Promise<Listed>;
  /** `undefined`: it is not there any more, or not what it was. */
  open(found: FoundFile): Promise<InboxFile | undefined>;
  close(): Promise<void>;
}

/** Files for sources. Nothing outside the named folders is reached, and no link is followed. */
export interface SourceFiles {
  /** Rejects with EngineError `DIR-*` when a folder is missing, is a link, or belongs to the engine. */
  inbox(options: InboxOptions): Promise<Inbox>;
}

/** Files for destinations. */
export interface DestinationFiles {
  /**
   * Writes the released body as `names.fileName` into the folder of the envelope's endpoint (`file:` URL) and `path`: whole or not at all,
   * and never over another file. `present`: a file of this name with these very bytes is there already. Rejects with EngineError
   * `DIR-*`; `safe.sent` is `true` when the file may be there nevertheless.
   */
  write(released: Released, options: { readonly mode: number }): Promise<"written" | "present">;
}
