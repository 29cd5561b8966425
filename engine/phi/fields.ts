import type { ClosedField } from "../config/project.ts";
import { isAgeTold, isYearTold } from "./deidentify/bands.ts";
import { allowedZip3, noZip3 } from "./deidentify/zip3.ts";

export type Scalar = string | number | boolean;

/** The fields that code may fill; the others are set by the engine. */
export type OpenField = Extract<ClosedField, { readonly optional: boolean }>;

export function isOpen(field: ClosedField): field is OpenField {
  return "optional" in field;
}

/** The value in its one canonical form, or nothing when the field does not allow it. Nothing is trimmed, rounded or converted. `now`: for years, whose bounds move. */
export function accepted(field: OpenField, value: unknown, now?: number): Scalar | undefined {
  switch (field.kind) {
    case "year":
      return isYearTold(value, now) ? value : undefined;
    case "zip3":
      return typeof value === "string" && (value === noZip3 || allowedZip3.has(value)) ? value : undefined;
    case "age-band":
      return isAgeTold(value) ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "enum":
    case "coded":
      return typeof value === "string" && field.values.includes(value) ? value : undefined;
    case "integer":
      return Number.isSafeInteger(value) && within(field, value as number) ? positiveZero(value as number) : undefined;
    case "number":
      return typeof value === "number" && within(field, value) && hasDecimals(value, field.decimals) ? positiveZero(value) : undefined;
  }
}

function within({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }, value: number): boolean {
  return value >= minimum && value <= maximum;
}

/** More digits than declared are more room than declared. */
function hasDecimals(value: number, decimals: number): boolean {
  return Number(value.toFixed(decimals)) === value;
}

/** `-0` would be one bit more than the field has. */
function positiveZero(value: number): number {
  return value === 0 ? 0 : value;
}
