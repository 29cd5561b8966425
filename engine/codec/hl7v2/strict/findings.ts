import type { Code } from "../../../sdk/error.ts";
import type { Problem } from "../../problem.ts";

/** What is wrong, as the codes of the engine, with the standard's own (HL7 table 0357) beside each. */
export const faults = {
  unknownSegment: ["HL7-401", "100"],
  segmentMissing: ["HL7-402", "100"],
  segmentOrder: ["HL7-403", "100"],
  segmentRepeats: ["HL7-404", "198"],
  required: ["HL7-405", "101"],
  repeats: ["HL7-406", "198"],
  form: ["HL7-407", "102"],
  table: ["HL7-408", "103"],
  length: ["HL7-409", "104"],
  surplus: ["HL7-410", "102"],
  type: ["HL7-411", "200"],
  version: ["HL7-412", "203"],
  notUsed: ["HL7-413", "199"],
} as const satisfies Readonly<Record<string, readonly [Code, string]>>;
export type Fault = keyof typeof faults;

/** Collects problems, of which a message may have very many: behind `most` it only counts. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly #most: number;

  constructor(most = 1000) {
    this.#most = most;
  }

  add(fault: Fault, path: string, line: number): void {
    if (this.problems.length >= this.#most) return;
    const [code, standard] = faults[fault];
    this.problems.push({ code, path, line, severity: "error", standard });
  }
}
