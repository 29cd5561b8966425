import type { Problem } from "../problem.ts";
import type { X12Fault } from "./check/fault.ts";
import { segmentNames } from "./leaves.ts";
import type { X12Message } from "./message.ts";

/** Faults as problems of any format: their path in the message, the line of the text, and the code that an acknowledgement would carry. */
export function problemsFrom(message: X12Message, faults: readonly X12Fault[]): readonly Problem[] {
  const names = segmentNames(message.body.lines, message.outline);
  const lines = linesOf(message);
  return faults.map((fault) => {
    const path = (names[fault.at] ?? "") + placeIn(fault);
    return {
      code: fault.code,
      path: fault.level === "segment" && fault.missing ? missingPath(fault.loop, fault.segment) : path,
      line: lines[fault.at] ?? 1,
      ...(fault.harmless !== true && { severity: "error" as const, standard: standardOf(fault) }),
    };
  });
}

function placeIn(fault: X12Fault): string {
  const element = "element" in fault && fault.element !== undefined ? String(fault.element).padStart(2, "0") : "";
  if (fault.level !== "element") return element;
  return `${element}${fault.repetition > 1 ? `[${fault.repetition}]` : ""}${fault.component > 0 ? `-${fault.component}` : ""}`;
}

function missingPath(loop: string, segment: string): string {
  return loop === "ST" || loop === "HEADER" ? segment : `${loop}/${segment}`;
}

/** `TA105 001`, `AK905 5`, `IK502 4`, `IK304 3`, `IK403 7`. */
function standardOf({ level, note }: X12Fault): string {
  return `${{ interchange: "TA105", group: "AK905", set: "IK502", segment: "IK304", element: "IK403" }[level]} ${note}`;
}

/** The line of the text in which each segment begins. */
function linesOf({ body }: X12Message): readonly number[] {
  let line = 1 + breaks(body.head);
  return body.lines.map(({ text, end }) => {
    const own = line;
    line += breaks(text) + breaks(end);
    return own;
  });
}

function breaks(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) n++;
  }
  return n;
}
