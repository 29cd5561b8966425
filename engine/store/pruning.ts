import type { DatabaseSync } from "node:sqlite";
import type { Op, Result } from "./op.ts";
import { clocks, RetentionWalk, type RetentionStep, type OldMessage } from "./retention.ts";
import { maxSlots, placeOf, stages } from "./schema.ts";
import type { PruneReport, RetentionRule } from "./store.ts";

export interface PruningParts {
  /** For reading. */
  readonly db: DatabaseSync;
  readonly submit: (op: Op) => Promise<Result>;
  /** Lets others have their turn between two steps of a preview. */
  readonly pause: () => Promise<void>;
  /** Ends the work between two steps; what was done by then is reported, and the next time goes on from there. */
  readonly signal?: AbortSignal;
}

type Sum = { -readonly [name in keyof PruneReport]: PruneReport[name] };

/** Deletes what is old, step by step through the group commit: what arrives meanwhile is committed between the steps. */
export async function prune({ db, submit, signal }: PruningParts, rules: readonly RetentionRule[], now: number): Promise<PruneReport> {
  const sum: Sum = { contents: 0, messages: 0, bytes: 0, keptBack: 0 };
  for (const clock of clocks) {
    let step: RetentionStep = { clock, rules, now, closed: [], after: 0 };
    for (let more = true; more && !signal?.aborted; ) {
      const result = await submit({ kind: "prune", step });
      if (result.kind !== "pruned") break;
      add(sum, result.report);
      step = { ...step, closed: result.closed, after: result.after };
      more = result.more;
    }
  }
  for (let after: number | undefined = 0; after !== undefined && !signal?.aborted; ) {
    const result: Result = await submit({ kind: "shred", after });
    after = result.kind === "shredded" ? result.next : undefined;
  }
  if (sum.bytes > 0 || sum.messages > 0) shrinkLog(db);
  return sum;
}

/** What `prune` would do now: the same walk, from the same marks, without moving them. */
export async function previewPrune({ db, pause, signal }: PruningParts, rules: readonly RetentionRule[], now: number): Promise<PruneReport> {
  const sum: Sum = { contents: 0, messages: 0, bytes: 0, keptBack: 0 };
  const walk = new RetentionWalk(db);
  const isRetained = db.prepare("SELECT 1 FROM retained WHERE message=?");
  const sizeOf = sizes(db);
  for (const clock of clocks) {
    let step: RetentionStep = { clock, rules, now, closed: [], after: 0 };
    const marks = new Map<number, number>();
    const [contentsBefore, metadataBefore] = [walk.before(step, "contents"), walk.before(step, "metadata")];
    const isOld = ({ channel, received }: OldMessage, before: ReadonlyMap<number, number>) => received < (before.get(channel) ?? 0);
    for (let more = true; more && !signal?.aborted; ) {
      const walked = walk.next(step, marks);
      for (const message of walked.old) {
        if (clock !== "retained" && isRetained.get(message.id) !== undefined) continue;
        const [contentsOld, wholeOld] = [isOld(message, contentsBefore), isOld(message, metadataBefore)];
        // Each message is counted where its first clock meets it.
        if (message.busy) {
          if (clock === "metadata" ? !contentsOld : contentsOld || wholeOld) sum.keptBack++;
          continue;
        }
        const { rows, bytes } = clock === "metadata" && contentsOld ? { rows: 0, bytes: 0 } : sizeOf(message.id);
        sum.bytes += bytes;
        if (clock !== "contents" && wholeOld) sum.messages++;
        else if (clock !== "metadata" && contentsOld && rows > 0) sum.contents++;
      }
      for (const [channel, mark] of walked.marks) marks.set(channel, mark);
      step = { ...step, closed: walked.closed, after: walked.after };
      more = walked.more;
      if (more) await pause();
    }
  }
  return sum;
}

function sizes(db: DatabaseSync): (message: number) => { readonly rows: number; readonly bytes: number } {
  const text = stages.map((stage) => `SELECT length(body) AS bytes FROM ${stage} WHERE place>=?1 AND place<?2`).join(" UNION ALL ");
  const statement = db.prepare(`SELECT count(*) AS rows, coalesce(sum(bytes), 0) AS bytes FROM (${text})`);
  return (message) => statement.get(placeOf(message, 0), placeOf(message, maxSlots)) as { rows: number; bytes: number };
}

/** Deleted rows stand in the write-ahead log until it starts anew. With a reader or a commit in the way this is left to the next time. */
function shrinkLog(db: DatabaseSync): void {
  try {
    db.exec("PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.exec("PRAGMA busy_timeout=5000");
  }
}

function add(sum: Sum, report: PruneReport): void {
  sum.contents += report.contents;
  sum.messages += report.messages;
  sum.bytes += report.bytes;
  sum.keptBack += report.keptBack;
}
