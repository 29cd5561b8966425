import { createReadStream } from "node:fs";
import { EngineError } from "../sdk/error.ts";
import type { PartnerNote } from "../store/ledger/notice.ts";

/** A record of the ledger as it is read: only what the reports ask for is named here. */
export interface Entry {
  readonly n: number;
  readonly kind: string;
  readonly at: string;
  readonly message?: number;
  readonly lane?: string;
  readonly channel?: string;
  readonly partner?: string;
  readonly partnerHash?: string;
  readonly endpoint?: string;
  readonly revision?: string;
  readonly level?: string;
  readonly levelIn?: string;
  readonly compartments?: readonly string[];
  readonly owners?: readonly string[];
  readonly method?: string;
  readonly fields?: readonly string[];
  readonly policies?: readonly string[];
  readonly agreement?: string;
  readonly basis?: string;
  readonly purpose?: string;
  readonly breakGlass?: string;
  readonly type?: string;
  readonly bytes?: number;
  readonly inside?: boolean;
  readonly patients?: readonly { readonly owner: string; readonly ids: readonly string[] }[];
  readonly morePatients?: number;
  /** Of an outcome: the line of its intent. */
  readonly of?: number;
  readonly state?: string;
  readonly attempts?: number;
  readonly code?: string;
  readonly rule?: string;
  readonly as?: string;
  readonly what?: string;
  readonly account?: number;
  readonly user?: string;
  readonly owner?: string;
  readonly egressMap?: string;
  readonly partners?: readonly PartnerNote[];
  readonly ledger?: string;
}

/**
 * Every record of a ledger in order, checkpoints left out. Throws DIS-104 with the place of a line that cannot be read. What stands behind the last
 * line end of the last file is a line that is being written, or that a crash cut and the engine writes again: it is left out.
 */
export async function* entriesOf(paths: readonly string[]): AsyncGenerator<Entry> {
  for (const file of paths) {
    let number = 0;
    let rest = "";
    // In pieces of a mebibyte: line by line from a stream takes several times as long.
    for await (const piece of createReadStream(file, { encoding: "utf8", highWaterMark: 1024 * 1024 })) {
      const lines = (rest + (piece as string)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const entry = entryOf(line, file, ++number);
        if (entry) yield entry;
      }
    }
    if (rest !== "" && file !== paths.at(-1)) throw new EngineError("DIS-104", { file, line: number + 1 });
  }
}

function entryOf(line: string, file: string, number: number): Entry | undefined {
  let read: { readonly n: number; readonly record: Entry & { readonly checkpoint?: unknown } };
  try {
    read = JSON.parse(line);
  } catch {
    throw new EngineError("DIS-104", { file, line: number });
  }
  if (typeof read?.record !== "object" || read.record === null) throw new EngineError("DIS-104", { file, line: number });
  return read.record.checkpoint === undefined ? { ...read.record, n: read.n } : undefined;
}
