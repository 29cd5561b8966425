import { durationPattern, ratePattern, sizePattern } from "../../sdk/index.ts";
import { namePattern } from "../schema/words.ts";

const patterns: Readonly<Record<string, string>> = {
  [durationPattern]: "a duration such as 500ms, 5s, 10m, 2h or 7d",
  [sizePattern]: "a size such as 64kb or 50mb",
  [ratePattern]: "a rate such as 50/s, 600/m or 1000/h",
  [namePattern]: "lower-case letters, digits and dashes",
};

const types: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a map of keys",
  array: "a list",
  null: "empty",
};

/** What a schema asks for, in words. */
export function expected(schema: Readonly<Record<string, unknown>> | undefined): string {
  if (!schema) return "something else";
  const pattern = patterns[String(schema.pattern)];
  if (pattern) return pattern;
  if (schema.format === "date") return "a date such as 2026-01-31";
  if ("const" in schema) return String(schema.const);
  if (Array.isArray(schema.enum) && schema.enum.length > mostListed) return `one of ${schema.enum.length} words, such as ${schema.enum[0]}`;
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.join(", ")}`;
  if (Array.isArray(schema.anyOf)) return [...new Set(schema.anyOf.map(expected))].join(" or ");
  if (typeof schema.pattern === "string" && Array.isArray(schema.examples)) return `text such as ${schema.examples[0]}`;
  return types[String(schema.type)] ?? "something else";
}

/** A longer list of words would hide the mistake. */
export const mostListed = 30;
