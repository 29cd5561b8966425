import type { ClosedField, ClosedList, TokenKind } from "../project.ts";
import type { LookupTable } from "./lookups.ts";
import { map } from "./tolerant.ts";

/** `only:` as the boundary uses it. Fields that the schema refused are left out. */
export function toClosedList(value: unknown, lookups: ReadonlyMap<string, LookupTable>, isBroken: (field: string) => boolean): ClosedList {
  const list: Record<string, ClosedField> = {};
  for (const [name, field] of Object.entries(map(value))) {
    if (!isBroken(name)) list[name] = toField(map(field), lookups);
  }
  return list;
}

function toField(field: Readonly<Record<string, unknown>>, lookups: ReadonlyMap<string, LookupTable>): ClosedField {
  const optional = field.optional === true;
  const bounds = { minimum: Number(field.minimum), maximum: Number(field.maximum) };
  if ("const" in field) return { kind: "const", value: field.const as string | number | boolean };
  if ("enum" in field) return { kind: "enum", values: field.enum as string[], optional };
  if ("coded" in field) {
    const set = String(field.coded);
    const rows = lookups.get(set)?.rows ?? {};
    return { kind: "coded", set, values: [...new Set([...Object.keys(rows), ...Object.values(rows)])], optional };
  }
  if ("surrogate" in field) return field.surrogate === true ? { kind: "surrogate" } : { kind: "surrogate", of: String(field.surrogate), ...(typeof field.kind === "string" && { names: field.kind }) };
  if ("copy" in field) return { kind: "copy", path: String(field.copy), as: field.as as TokenKind };
  if (field.type === "integer") return { kind: "integer", ...bounds, optional };
  if (field.type === "number") return { kind: "number", ...bounds, decimals: Number(field.decimals), optional };
  if (field.type === "year" || field.type === "zip3" || field.type === "age-band") return { kind: field.type, optional };
  return { kind: "boolean", optional };
}
