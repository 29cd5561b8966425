import type { ElementPath } from "./element-path.ts";
import type { Focus, Run } from "./run.ts";

/** Rules that the validator checks in its own way, elsewhere; and dom-6, a recommendation of narrative that nobody follows between machines. */
const elsewhere: ReadonlySet<string> = new Set(["txt-1", "txt-2", "dom-3", "ref-1", "dom-6"]);

/** Invariants of an element, by key. A best practice that does not hold is a note. */
export function checkInvariants(keys: readonly string[], focus: Focus, path: ElementPath, run: Run): void {
  for (const key of keys) {
    if (elsewhere.has(key)) continue;
    const [severity, expression = ""] = run.definitions.invariant(key) ?? [];
    if (severity === undefined || run.holds(expression, focus) !== false) continue;
    // The tables tell two rules of one key apart: `us-core-6#2`.
    const [rule = key] = key.split("#");
    if (severity === "e") run.report.error("FHR-110", "invariant", path, focus.node.start, rule);
    else run.report.note("FHR-110", "invariant", path, focus.node.start, rule);
  }
}
