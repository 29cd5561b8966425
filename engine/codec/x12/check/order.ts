import type { Code } from "../../../sdk/error.ts";
import { segmentDefinition } from "../grammar/definitions.ts";
import type { Loop, SegmentUse, Transaction } from "../grammar/structure.ts";
import { idOf, type X12Line } from "../segments.ts";
import { Walk, type WalkFault } from "../walk.ts";
import type { SegmentFault } from "./fault.ts";

/** A segment of a transaction set, with what the grammar found for it. */
export interface Walked {
  readonly at: number;
  /** From ST, which is 1. */
  readonly position: number;
  readonly use: SegmentUse | undefined;
  /** The loop in which it stands; `ST` outside all. */
  readonly loop: string;
}

/**
 * Goes through the segments between ST (`start`) and SE (`end`) along the grammar: each with its use, and what is wrong with their order. An
 * absence shows at the segment that comes in the place of what is missing; SE belongs to the envelope, so what is missing before it shows at the
 * segment before SE.
 */
export function walkSet(lines: readonly X12Line[], start: number, end: number, { root, uses, version }: Transaction): { readonly walked: readonly Walked[]; readonly faults: readonly SegmentFault[] } {
  const found: WalkFault[] = [];
  const walk = new Walk({ root, uses }, found);
  const walked: Walked[] = [{ at: start, position: 1, use: root.children[0] as SegmentUse, loop: root.id }];
  const faults: SegmentFault[] = [];
  const take = (at: number, uses: ReadonlyMap<string, unknown>) => {
    for (const fault of found.splice(0)) faults.push(segmentFault(fault, at, at - start + 1, lines[at] as X12Line, version, uses));
  };
  for (let at = start + 1; at < end; at++) {
    const { use } = walk.next(lines[at] as X12Line);
    take(at, uses);
    walked.push({ at, position: at - start + 1, use, loop: walk.inner.id });
  }
  walk.finish();
  take(Math.max(start, end - 1), uses);
  return { walked, faults };
}

function segmentFault(fault: WalkFault, at: number, position: number, line: X12Line, version: string, uses: ReadonlyMap<string, unknown>): SegmentFault {
  const own = { level: "segment", at, position, segment: idOf(line), loop: fault.within.id } as const;
  const as = (code: Code, note: string, old?: string) => ({ ...own, code, note, ...(old !== undefined && { old }) });
  switch (fault.kind) {
    case "missing": {
      const { child } = fault;
      return { ...as("X12-223", "3"), segment: firstOf(child).id, ...(child.kind === "loop" && { loop: child.id }), missing: true };
    }
    case "too-many":
      return fault.child.kind === "loop" ? { ...as("X12-224", "4"), loop: fault.child.id } : as("X12-225", "5");
    case "not-used":
      return as("X12-228", "I4", "2");
    default:
      if (segmentDefinition(version, own.segment) === undefined) return as("X12-221", "1");
      if (!uses.has(own.segment)) return as("X12-226", "6");
      return fault.passed ? as("X12-227", "7") : as("X12-222", "2");
  }
}

function firstOf(child: Loop | SegmentUse): SegmentUse {
  return child.kind === "segment" ? child : (child.children[0] as SegmentUse);
}
