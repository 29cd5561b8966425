import type { FoundFile } from "../../engine/sdk/index.ts";

/**
 * Where the source stands, as its checkpoint: the file by what the file system says of it, how far it is taken, and how many of its
 * records were refused. A file's name may be a patient's, so it has no part in it; a hash of the name would be one, only slower to read.
 */
export interface Position {
  readonly mark: string;
  readonly node: string;
  readonly size: number;
  readonly offset: number;
  readonly refused: number;
}

/** The name of the place that the checkpoint is of. */
export const place = "file";

export function writePosition({ mark, node, size, offset, refused }: Position): string {
  return `${node} ${mark} ${size} ${offset} ${refused}`;
}

export function readPosition(text: string | undefined): Position | undefined {
  const [node = "", mark = "", ...rest] = text?.split(" ") ?? [];
  const [size, offset, refused, more] = rest.map(Number);
  if (size === undefined || offset === undefined || refused === undefined || more !== undefined) return undefined;
  return Number.isSafeInteger(size + offset + refused) ? { node, mark, size, offset, refused } : undefined;
}

export interface Standing {
  /** `whole`: nothing of the file is left to take. `torn`: part of it was taken, and it has been changed since. */
  readonly kind: "new" | "begun" | "whole" | "torn";
  readonly offset: number;
  readonly refused: number;
}

const fresh: Standing = { kind: "new", offset: 0, refused: 0 };

/** How a file stands to the checkpoint. A file that was taken whole leaves its node to whoever comes next; one that was not, does not. */
export function standing(at: Position | undefined, file: FoundFile): Standing {
  if (at?.node !== file.node) return fresh;
  const { offset, refused } = at;
  const isWhole = offset >= at.size;
  if (at.mark === file.mark) return { kind: isWhole ? "whole" : "begun", offset, refused };
  return isWhole ? fresh : { kind: "torn", offset, refused };
}
