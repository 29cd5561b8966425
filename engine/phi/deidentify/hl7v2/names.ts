import type { SegmentStructure } from "../../../codec/hl7v2/structure.ts";
import { wordsOf } from "../places.ts";
import { part } from "./piece.ts";

/** Names of people: XPN begins with the family's, XCN with an id. */
const plain = new Set(["PID-5", "PID-6", "PID-9", "NK1-2", "NK1-30", "GT1-3", "GT1-4", "IN1-16", "PRT-5"]);
const afterId = new Set(["PD1-4", "PV1-7", "PV1-8", "PV1-9", "PV1-17", "PV1-52", "ORC-10", "ORC-11", "ORC-12", "OBR-10", "OBR-16", "OBR-28", "OBX-16", "DG1-16", "PR1-12", "RXA-10", "PRT-5"]);

/** Words of the names of a message's persons. */
export function namesIn(segments: readonly SegmentStructure[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { name, fields } of segments) {
    for (const [at, field] of fields.entries()) {
      const path = `${name}-${at + 1}`;
      const components = [...(plain.has(path) ? [1, 2, 3] : []), ...(afterId.has(path) ? [2, 3, 4] : [])];
      for (const repetition of field) for (const component of components) for (const word of wordsOf(part(repetition, component))) found.add(word);
    }
  }
  return found;
}
