import type { ClosedField, ClosedList } from "../config/project.ts";
import { agesTold, yearsTold } from "./deidentify/bands.ts";
import { allowedZip3 } from "./deidentify/zip3.ts";

/** Bits one message leaves to code: what it may choose among, field by field (phi.md 2.2). */
export function capacity(list: ClosedList): number {
  return Object.values(list).reduce((bits, field) => bits + fieldCapacity(field), 0);
}

/** Fields the engine sets leave no choice; presence of an optional field is one more value. */
export function fieldCapacity(field: ClosedField): number {
  const choices = choicesOf(field);
  return Math.log2("optional" in field && field.optional ? choices + 1 : choices);
}

function choicesOf(field: ClosedField): number {
  switch (field.kind) {
    case "const":
    case "surrogate":
    case "copy":
      return 1;
    case "boolean":
      return 2;
    case "year":
      return yearsTold;
    case "zip3":
      return allowedZip3.size + 1;
    case "age-band":
      return agesTold;
    case "enum":
    case "coded":
      return new Set(field.values).size;
    case "integer":
      return field.maximum - field.minimum + 1;
    case "number":
      return Math.round((field.maximum - field.minimum) * 10 ** field.decimals) + 1;
  }
}
