import { ExactNumber, type Json } from "../../../codec/json/index.ts";

export type JsonObject = Readonly<Record<string, Json>>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function textAt(value: Json | undefined, key: string): string {
  const text = isObject(value) ? value[key] : undefined;
  return typeof text === "string" ? text : "";
}

export function listAt(value: Json | undefined, key: string): readonly Json[] {
  const all = isObject(value) ? value[key] : undefined;
  return isList(all) ? all : [];
}
