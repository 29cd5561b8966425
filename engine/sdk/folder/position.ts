import type { FoundFile } from "../files.ts";

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

/** In the place of a position: the file it was of has left the folder. */
export const gone = "gone";

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
  if (!at || !isSameNode(at.node, file.node)) return fresh;
  const { offset, refused } = at;
  if (at.mark === file.mark) return { kind: isWhole(at) ? "whole" : "begun", offset, refused };
  return isWhole(at) ? fresh : { kind: "torn", offset, refused };
}

export function isWhole({ offset, size }: Position): boolean {
  return offset >= size;
}

/** Where one of them does not say when it was made, the number alone counts: rather set aside than taken twice. */
function isSameNode(a: string, b: string): boolean {
  const [number, made] = a.split("@");
  const [otherNumber, otherMade] = b.split("@");
  return number === otherNumber && (made === undefined || otherMade === undefined || made === otherMade);
}
