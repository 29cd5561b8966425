import type { KeyObject } from "node:crypto";
import type { Code } from "../../sdk/index.ts";
import { type Checkpoint, isSignedBy, stride } from "./checkpoint.ts";
import { keyId } from "./key.ts";
import { genesis, type Link } from "./line.ts";
import { type LedgerProblem, type VerifiedFile, verifyFile } from "./verify-file.ts";

export interface VerifyOptions {
  /** Public keys of those that may have signed. */
  readonly keys: readonly KeyObject[];
  /** Checkpoints that were kept elsewhere. */
  readonly anchors?: readonly Checkpoint[];
  /** Wall clock, ms since epoch: an end that nobody signed is a problem a minute after it was written. Absent: not looked at. */
  readonly now?: number;
  /** What is read is some files of a ledger, and need not begin at its beginning. */
  readonly part?: boolean;
  /** Several at a time; default: one after another in this thread. */
  readonly each?: (paths: readonly string[], ask: readonly number[]) => Promise<readonly VerifiedFile[]>;
}

export interface LedgerVerification {
  readonly ledger?: string;
  readonly files: number;
  readonly lines: number;
  readonly first?: number;
  readonly last?: Link;
  /** Up to this line a checkpoint vouches for all that was read. */
  readonly signedTo?: number;
  readonly signedAt?: string;
  readonly checkpoints: number;
  /** Lines behind the last checkpoint. */
  readonly unsigned: number;
  /** Checkpoints from elsewhere that lie outside what was read. */
  readonly anchorsOutside: number;
  readonly problems: readonly LedgerProblem[];
}

const unsignedMs = 60_000;

/**
 * Checks a ledger by its files and the public key alone: that no line was changed, removed, put in, moved or doubled, that the checkpoints are of the
 * key, and with `anchors` that nothing was cut off or rolled back. Files are given in order. Lines behind the last checkpoint are chained and
 * not yet signed.
 */
export async function verifyLedger(paths: readonly string[], options: VerifyOptions): Promise<LedgerVerification> {
  const anchors = options.anchors ?? [];
  const ask = anchors.map(({ n }) => n);
  const files = options.each ? await options.each(paths, ask) : paths.map((path) => verifyFile(path, new Set(ask)));
  const problems = files.flatMap((file) => [...file.problems]);
  let last: Link | undefined;
  for (const { file, first, last: end } of files) {
    if (first === undefined) continue;
    const follows = last === undefined ? first.n > 1 || first.prev === genesis : first.n === last.n + 1 && first.prev === last.hash;
    if (!follows) problems.push({ code: "STO-512", file, line: 1, n: first.n });
    last = end ?? last;
  }
  const first = files.find((file) => file.first)?.first?.n;
  const ledger = files.find((file) => file.begins !== undefined)?.begins ?? files.flatMap(({ checkpoints }) => checkpoints)[0]?.checkpoint?.ledger;
  if (first !== undefined && !(options.part && first > 1) && files.every((file) => file.begins === undefined)) problems.push({ code: "STO-517", file: files[0]?.file ?? "", line: 1, n: first });
  const heads = signatures(files, ledger, first ?? 1, options, problems);
  const outside = compared(files, anchors, { ledger, first: first ?? 1, last: last?.n ?? 0, part: options.part ?? false }, options, problems);
  const tail = (last?.n ?? 0) - (heads.at(-1)?.n ?? (first ?? 1) - 1);
  return {
    ...(ledger !== undefined && { ledger }), files: files.length, lines: files.reduce((sum, { lines }) => sum + lines, 0), ...(first !== undefined && { first }),
    ...(last && { last }), ...(heads.length > 0 && { signedTo: heads.at(-1)?.n ?? 0, signedAt: heads.at(-1)?.at ?? "" }), checkpoints: heads.length,
    unsigned: Math.max(0, tail), anchorsOutside: outside, problems,
  };
}

/** Every checkpoint is of a known key, of this ledger and of the line before it; none is missing. */
function signatures(files: readonly VerifiedFile[], ledger: string | undefined, first: number, { keys, now }: VerifyOptions, problems: LedgerProblem[]) {
  const known = new Map(keys.map((key) => [keyId(key), key]));
  const heads: { readonly n: number; readonly at: string }[] = [];
  let since = first - 1;
  for (const { file, checkpoints, last } of files) {
    for (const { checkpoint, n, line, behind } of checkpoints) {
      const key = checkpoint && known.get(checkpoint.key);
      const right = checkpoint && key && checkpoint.ledger === ledger && checkpoint.n === behind.n && checkpoint.head === behind.hash && isSignedBy(checkpoint, key);
      if (!right) problems.push({ code: "STO-513", file, line, n });
      else heads.push({ n, at: checkpoint.at });
      if (n - 1 - since > stride) problems.push({ code: "STO-514", file, line, n });
      since = n;
    }
    if (file === files.at(-1)?.file && last !== undefined && last.n > since) {
      const at = heads.at(-1)?.at;
      const isOld = now !== undefined && (at === undefined || now - Date.parse(at) > unsignedMs);
      if (last.n - since > stride || isOld) problems.push({ code: "STO-514", file, line: files.at(-1)?.lines ?? 0, n: last.n });
    }
  }
  return heads;
}

/** What was signed elsewhere must be here, as it was. Gives how many lie outside of what was read. */
function compared(
  files: readonly VerifiedFile[],
  anchors: readonly Checkpoint[],
  read: { readonly ledger: string | undefined; readonly first: number; readonly last: number; readonly part: boolean },
  { keys }: VerifyOptions,
  problems: LedgerProblem[],
): number {
  const known = new Map(keys.map((key) => [keyId(key), key]));
  const found = new Map(files.flatMap(({ asked }) => asked.map(({ n, hash }) => [n, hash] as const)));
  const file = files.at(-1)?.file ?? "";
  let outside = 0;
  anchors.forEach((anchor, index) => {
    const key = known.get(anchor.key);
    const problem = (code: Code) => problems.push({ code, file, line: index + 1, n: anchor.n });
    if (key === undefined || !isSignedBy(anchor, key)) problem("STO-513");
    else if (anchor.ledger !== read.ledger && read.ledger !== undefined) problem("STO-517");
    else if (read.part && (anchor.n < read.first || anchor.n > read.last)) outside++;
    else if (found.get(anchor.n) !== anchor.head) problem("STO-516");
  });
  return outside;
}
