import { EngineError } from "../error.ts";
import type { InboxFile } from "../files.ts";
import type { Cut, SplitProblem, Splitter } from "../splitter.ts";

const chunkBytes = 64 * 1024;

/** The file is not what it was when it was listed. */
export class Changed extends Error {}

/** The file as one message. Throws `Changed` when it was written to meanwhile. */
export async function* wholePiece(file: InboxFile): AsyncGenerator<Cut> {
  const { size } = file.found;
  const bytes = await file.read(0, size);
  if (bytes.length !== size || !(await file.unchanged())) throw new Changed();
  yield { bytes, end: size };
}

/**
 * The file cut into messages; the last one ends where the file does. The stream is read from its beginning each time: where a message starts
 * depends on quotes and headers before it. Throws `Changed`, and EngineError of the codec.
 */
export async function* splitPieces(file: InboxFile, splitter: Splitter, onProblem: (problem: SplitProblem) => void): AsyncGenerator<Cut> {
  const { size } = file.found;
  // One piece of memory for the whole file: splitters copy what they keep, and a gigabyte of garbage would look like a leak.
  const chunkMemory = new Uint8Array(chunkBytes);
  let held: Cut | undefined;
  for (let offset = 0; ; ) {
    const chunk = await file.read(offset, Math.min(chunkBytes, size - offset), chunkMemory);
    offset += chunk.length;
    // Before anything of it is handed over: what was read may be half of what somebody is writing.
    if (chunk.length === 0 || !(await file.unchanged())) throw new Changed();
    const isLast = offset >= size;
    for (const cut of isLast ? [...splitter.push(chunk), ...splitter.finish()] : splitter.push(chunk)) {
      if (held) yield held;
      held = cut;
    }
    for (const problem of splitter.problems()) onProblem(problem);
    if (!isLast) continue;
    if (held) yield { bytes: held.bytes, end: size };
    return;
  }
}

/** Whether a fault lies in what the file holds: then it will lie there the next time as well. */
export function isOfContent(error: unknown): boolean {
  return error instanceof EngineError && !/^(DIR|NET|SEC|SFT)-/.test(error.code);
}
