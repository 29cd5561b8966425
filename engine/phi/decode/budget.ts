/** Encodings inside encodings are followed this deep (phi.md 2.5). */
export const depth = 5;

/** Characters that a text may unfold to: eight times its own, a little for small ones, four million for the largest. */
const most = 4 * 1024 * 1024;
const least = 64 * 1024;

/** What one reading may still unfold to, and what it met that it could not read. */
export class Budget {
  left: number;
  isOver = false;
  /** A block that says of itself that it is packed gave nothing. */
  isSealed = false;
  /** Blocks that look packed or encrypted and gave nothing. */
  readonly opaque = new Set<string>();
  /** Runs that may be digests in base64, also where a part of them reads as text by chance. */
  readonly mixed = new Set<string>();

  /** What is read was set together of pieces. */
  readonly isJoint: boolean;

  constructor(length: number, isJoint = false) {
    this.isJoint = isJoint;
    this.left = Math.min(most, Math.max(least, length * 8));
  }

  /** Takes what was unfolded off; false when it was too much, and then nobody reads it. */
  take(length: number): boolean {
    if (length > this.left) this.isOver = true;
    else this.left -= length;
    return !this.isOver;
  }
}
