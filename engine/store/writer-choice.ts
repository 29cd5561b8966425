import type { Writer } from "./op.ts";

/** Above this average a flush holds up the senders more than a hand-over costs; below the other, the hand-over costs more. */
const slowMs = 3;
const fastMs = 1;
/** How much one commit moves the average: some twenty commits to change the mind, so a single slow flush does not. */
const weight = 0.05;

/**
 * Chooses between writing on the main thread and in a thread by the average time of a COMMIT. Switches only between two
 * lists, and each switch starts a fresh writer that reads the record as the other left it.
 */
export function writerChoice(make: { readonly inline: () => Writer; readonly thread: () => Writer }) {
  let average = 0;
  return (current: Writer | undefined, commitMs: number): Writer | Promise<Writer> => {
    if (current === undefined) return make.inline();
    average += (commitMs - average) * weight;
    const next = current.kind === "inline" ? (average > slowMs ? make.thread : undefined) : average < fastMs ? make.inline : undefined;
    if (next === undefined) return current;
    return current.close().then(next);
  };
}
