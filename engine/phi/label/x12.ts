import { elementOf, getElement } from "../../codec/x12/element.ts";
import type { X12Message } from "../../codec/x12/index.ts";
import { idOf, type X12Line } from "../../codec/x12/segments.ts";
import type { Found } from "../boundary.ts";
import { Seen } from "./seen.ts";
import { x12Labels } from "./tables.ts";

/**
 * What an interchange says of itself (`schemas/labels/x12.json`). X12 has no security labels: diagnoses, the confidentiality of a member, special programs and
 * places of service are all there is.
 */
export function labelX12(message: X12Message): Found {
  const seen = new Seen();
  for (const line of message.body.lines) read(line, seen);
  return seen.found();
}

function read(line: X12Line, seen: Seen): void {
  switch (idOf(line)) {
    case "HI":
      for (const element of line.text.split(line.marks.element).slice(1)) {
        const [list = "", code = ""] = line.marks.component === "" ? [element] : element.split(line.marks.component);
        if (x12Labels.diagnoses.has(list)) seen.diagnosis(code);
      }
      break;
    case "III":
      if (x12Labels.diagnoses.has(elementOf(line, 1))) seen.diagnosis(elementOf(line, 2));
      break;
    case "INS":
      seen.restricted ||= x12Labels.confidential.has(elementOf(line, 13));
      break;
    case "CLM":
      add(x12Labels.programs.get(elementOf(line, 12)), seen);
      // With qualifier A it is the type of an institution's bill.
      if (component(line, 2) !== "A") add(x12Labels.places.get(component(line, 1)), seen);
      break;
    case "SV1":
      add(x12Labels.places.get(elementOf(line, 5)), seen);
      break;
  }
}

function component(line: X12Line, n: number): string {
  return getElement(line, { element: 5, repetition: 0, component: n });
}

function add(compartment: string | undefined, seen: Seen): void {
  if (compartment !== undefined) seen.compartments.add(compartment);
}
