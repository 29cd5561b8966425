import { elementOf } from "../element.ts";
import { hasId, type X12Line } from "../segments.ts";
import type { ElementFault } from "./fault.ts";
import type { Walked } from "./order.ts";

/** HL segments of one transaction set: each number once (HL01), each parent a level that came before (HL02). */
export function hierarchyFaults(lines: readonly X12Line[], walked: readonly Walked[]): readonly ElementFault[] {
  const seen = new Set<string>();
  const out: ElementFault[] = [];
  for (const { at, position, loop } of walked) {
    const line = lines[at] as X12Line;
    if (!hasId(line, "HL")) continue;
    const wrong = (element: number, number: string) =>
      out.push({ level: "element", code: "X12-229", note: "7", segment: "HL", at, position, loop, element, component: 0, repetition: 0, number });
    const parent = elementOf(line, 2);
    if (parent !== "" && !seen.has(parent)) wrong(2, "734");
    const own = elementOf(line, 1);
    if (own !== "" && seen.has(own)) wrong(1, "628");
    seen.add(own);
  }
  return out;
}
