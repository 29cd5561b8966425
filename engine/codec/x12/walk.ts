import { getElement } from "./element.ts";
import type { Loop, SegmentUse, Transaction } from "./grammar/structure.ts";
import { idOf, type X12Line } from "./segments.ts";

/** Where a segment of a transaction set belongs. */
export interface Step {
  /** `undefined`: the grammar has no place for it here. */
  readonly use?: SegmentUse;
  /** How many loops end before it, the heading not counted. */
  readonly left: number;
  /** The loop that it begins. */
  readonly entered?: Loop;
}

/** What is wrong with the order of segments. */
export type WalkFault =
  /** A required segment, or a required loop, that did not come while it could; `within`: the loop it belongs in. */
  | { readonly kind: "missing"; readonly child: Loop | SegmentUse; readonly within: Loop }
  | { readonly kind: "too-many"; readonly child: Loop | SegmentUse; readonly within: Loop }
  | { readonly kind: "not-used"; readonly child: Loop | SegmentUse; readonly within: Loop }
  /** `passed`: the transaction set has a place for it, but not here. */
  | { readonly kind: "unexpected"; readonly passed: boolean; readonly within: Loop };

interface Frame {
  readonly loop: Loop;
  /** Position of the child that came last. */
  position: number;
  readonly counts: Map<Loop | SegmentUse, number>;
}

/**
 * Goes through the segments of one transaction set along its grammar. A segment belongs to the innermost open loop that has a place for it at
 * or behind the one reached; children of one position come in any order. What has no place changes nothing.
 */
export class Walk {
  readonly #frames: Frame[];
  readonly #faults: WalkFault[] | undefined;
  readonly #uses: ReadonlyMap<string, readonly SegmentUse[]>;

  /** `faults`: where mistakes are put, for whoever wants them. ST, the first child of the root, has been read. */
  constructor({ root, uses }: Pick<Transaction, "root" | "uses">, faults?: WalkFault[]) {
    this.#faults = faults;
    this.#frames = [begun(root)];
    this.#uses = uses;
  }

  /** The loop that the last segment stands in. */
  get inner(): Loop {
    return (this.#frames.findLast(({ loop }) => !isHeading(loop)) as Frame).loop;
  }

  next(line: X12Line): Step {
    const id = idOf(line);
    const uses = this.#uses.get(id);
    for (let k = uses === undefined ? -1 : this.#frames.length - 1; k >= 0; k--) {
      const frame = this.#frames[k] as Frame;
      const child = this.#find(frame, id, line);
      if (child === undefined) continue;
      let left = 0;
      while (this.#frames.length - 1 > k) {
        const ended = this.#frames.pop() as Frame;
        this.#missingFrom(ended, Number.POSITIVE_INFINITY);
        if (!isHeading(ended.loop)) left++;
      }
      this.#missingFrom(frame, child.position);
      frame.position = child.position;
      const count = (frame.counts.get(child) ?? 0) + 1;
      frame.counts.set(child, count);
      if (child.usage === "N") this.#faults?.push({ kind: "not-used", child, within: frame.loop });
      else if (count > child.max) this.#faults?.push({ kind: "too-many", child, within: frame.loop });
      if (child.kind === "segment") return { use: child, left };
      this.#frames.push(begun(child));
      return { use: child.children[0] as SegmentUse, left, ...(!isHeading(child) && { entered: child }) };
    }
    this.#faults?.push({ kind: "unexpected", passed: uses?.some((use) => matches(use, id, line)) === true, within: this.inner });
    return { left: 0 };
  }

  /** What is still missing when the transaction set ends. SE, the last child of the root, is not looked for. */
  finish(): void {
    while (this.#frames.length > 0) this.#missingFrom(this.#frames.pop() as Frame, Number.POSITIVE_INFINITY);
  }

  /** The child with room left, else one that has come too often. The first child began the loop: another of it is another loop. */
  #find({ loop, position, counts }: Frame, id: string, line: X12Line): Loop | SegmentUse | undefined {
    let full: Loop | SegmentUse | undefined;
    for (let i = 1; i < loop.children.length; i++) {
      const child = loop.children[i] as Loop | SegmentUse;
      if (child.position < position || !matches(child, id, line)) continue;
      if ((counts.get(child) ?? 0) < child.max) return child;
      full ??= child;
    }
    return full;
  }

  /** Required children of the positions from the one reached to the one before `upTo`. */
  #missingFrom({ loop, position, counts }: Frame, upTo: number): void {
    if (this.#faults === undefined || upTo <= position) return;
    for (const child of loop.children) {
      if (child.usage !== "R" || child.position < position || child.position >= upTo || counts.has(child)) continue;
      if (child.kind === "segment" && child.id === "SE") continue;
      this.#faults.push({ kind: "missing", child, within: loop });
    }
  }
}

/** The heading of a transaction set is a loop to the grammar, and has no name that anybody uses. */
function isHeading({ id }: Loop): boolean {
  return id === "HEADER";
}

function begun(loop: Loop): Frame {
  const first = loop.children[0] as SegmentUse;
  return { loop, position: first.position, counts: new Map([[first, 1]]) };
}

/** Whether a segment is this use, or begins this loop. */
function matches(child: Loop | SegmentUse, id: string, line: X12Line): boolean {
  const use = child.kind === "segment" ? child : (child.children[0] as SegmentUse);
  if (use.id !== id) return false;
  for (const { element, component, codes } of use.chosenBy) {
    if (!codes.includes(getElement(line, { element, repetition: 0, component }))) return false;
  }
  return true;
}
