import type { Run } from "./datatype.ts";
import type { Lab } from "./mapper.ts";

/** A LOINC code by its form: one to seven digits and the check digit behind them (Luhn, mod 10), as LOINC Users' Guide appendix C computes it. */
export function isLoinc(code: string): boolean {
  const [, digits, check] = /^(\d{1,7})-(\d)$/.exec(code) ?? [];
  if (digits === undefined) return /^L[APG]\d{1,7}-\d$/.test(code);
  let sum = 0;
  for (const [i, digit] of Array.from(digits).toReversed().entries()) {
    const n = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += n > 9 ? n - 9 : n;
  }
  return (10 - (sum % 10)) % 10 === Number(check);
}

/** A unit of UCUM by its form: atoms with exponents and annotations, joined by `.` and `/`, with balanced parentheses. No table of units is consulted. */
export function isUcum(unit: string): boolean {
  if (unit === "" || unit.length > 100) return false;
  let depth = 0;
  // What stands in braces is a note of whoever wrote the unit.
  const bare = unit.replaceAll(/\{[\u0021-\u007a|\u007e]*\}/g, "{}");
  for (const c of bare) {
    if (c === "(") depth++;
    else if (c === ")" && --depth < 0) return false;
  }
  const atom = String.raw`(?:10[*^]-?\d*|\d+|(?:[a-zA-Z%]+(?:\[[^\[\]\s]+\])?|\[[^\[\]\s]+\]|'{1,2}|"|[a-zA-Z]+_?[a-zA-Z]*)(?:[+-]?\d+)?)(?:\{\})?|\{\}`;
  return depth === 0 && new RegExp(String.raw`^/?\(*(?:${atom})\)*(?:[./]\(*(?:${atom})\)*)*$`).test(bare);
}

/** A result is never lost: what has no place in the type that OBX-2 names stays as text, with its unit. Codes are checked by form. */
export function checkLab(run: Run, labs: readonly Lab[]): void {
  for (const { draft, fields, spot } of labs) {
    const { node } = draft;
    const coding = (node["code"] as { coding?: readonly Record<string, unknown>[] } | undefined)?.coding ?? [];
    if (coding.some((each) => each["system"] === "http://loinc.org" && !isLoinc(String(each["code"])))) run.problem("MAP-206", { ...spot, field: 3 });
    const name = Object.keys(node).find((each) => /^value[A-Z]/.test(each));
    const quantity = node["valueQuantity"] as Record<string, unknown> | undefined;
    if (quantity?.["system"] === "http://unitsofmeasure.org" && !isUcum(String(quantity["code"]))) {
      run.problem("MAP-207", { ...spot, field: 6 });
      quantity["unit"] ??= quantity["code"];
      delete quantity["code"];
      delete quantity["system"];
    }
    const values = fields.all(5);
    const lost = (quantity !== undefined && quantity["value"] === undefined) || !compares(quantity) || !compares((node["valueRatio"] as Record<string, unknown> | undefined)?.["numerator"]);
    if (values.length === 0 || node["component"] !== undefined) {
      if (lost && quantity !== undefined) delete node["valueQuantity"];
      continue;
    }
    const attached = JSON.stringify(node["extension"] ?? []).includes("valueAttachment");
    if ((name === undefined || lost || isHollow(node[name])) && !attached) {
      if (name !== undefined) delete node[name];
      const unit = fields.first(6).text(2) || fields.first(6).text(1);
      const text = values.map((value) => (fields.first(2).text() === "SN" ? [1, 2, 3, 4].map((part) => value.text(part)).join("") : value.whole())).join(" ");
      node["valueString"] = unit === "" ? text : `${text} ${unit}`;
      run.problem("MAP-208", spot);
    }
  }
}

/** Whether FHIR can say how a number compares. SN.1 `=` is a number without a comparator; `<>` has no place in R4. */
function compares(quantity: unknown): boolean {
  const node = (quantity ?? {}) as Record<string, unknown>;
  if (node["comparator"] === "=") delete node["comparator"];
  return node["comparator"] === undefined || /^[<>]=?$/.test(String(node["comparator"]));
}

function isHollow(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isHollow);
  return typeof value === "object" && value !== null && !("text" in value && "toString" in value && value.constructor !== Object) && Object.values(value).every(isHollow);
}
