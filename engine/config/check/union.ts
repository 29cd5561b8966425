import { expected } from "./expected.ts";
import { notAChoice } from "./general.ts";
import { nameOf, pathOf, type Problem, type SchemaError } from "./problem.ts";
import { nearest } from "./suggest.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with a value that fits none of several forms: the errors of the form that was meant, or one problem for all. */
export function meant(union: SchemaError, errors: readonly SchemaError[]): readonly SchemaError[] | Problem {
  const path = pathOf(union.instancePath);
  const forms = (union.schema as readonly Schema[]).map((schema, i) => ({
    schema,
    errors: errors.filter((e) => e.schemaPath.startsWith(`${union.schemaPath}/${i}/`)),
  }));
  const fitting = forms.filter((form) => !form.errors.some((e) => e.keyword === "type" && e.instancePath === union.instancePath));
  const [only] = fitting;
  if (only && fitting.length === 1) return only.errors;
  if (!only || !isMap(union.data)) {
    return { code: "CFG-122", path, target: "value", message: `${nameOf(path)} must be ${expected({ anyOf: fitting.length ? fitting.map((f) => f.schema) : union.schema })}` };
  }
  return meantMap(union, union.data, fitting);
}

function meantMap(union: SchemaError, data: Record<string, unknown>, forms: readonly { schema: Schema; errors: readonly SchemaError[] }[]): readonly SchemaError[] | Problem {
  const path = pathOf(union.instancePath);
  const keys = Object.keys(data);
  const scored = forms.map((form) => ({ ...form, score: score(form.schema, data) })).sort((a, b) => b.score - a.score);
  const best = scored[0];
  if (best && best.score > 0) return best.errors;
  const known = [...new Set(forms.flatMap((form) => Object.keys(properties(form.schema))))];
  const close = keys.filter((key) => known.includes(key));
  if (close.length > 0) {
    const key = close[0] ?? "";
    const allowed = forms.flatMap((form) => ("const" in (properties(form.schema)[key] ?? {}) ? [String(properties(form.schema)[key]?.const)] : []));
    if (allowed.length > 0) return notAChoice([...path, key], String(data[key]), allowed);
  }
  const misspelt = keys.find((key) => nearest(key, known) !== undefined);
  if (misspelt !== undefined && !known.includes(misspelt)) {
    return { code: "CFG-120", path: [...path, misspelt], target: "key", message: `unknown key "${misspelt}" in ${nameOf(path)}`, help: `did you mean "${nearest(misspelt, known)}"?` };
  }
  const forms_ = forms.map((form) => form.schema.title ?? Object.keys(properties(form.schema))[0]);
  return { code: "CFG-122", path, target: "key", message: `${nameOf(path)} must be one of these forms: ${forms_.join(", ")}` };
}

/**
 * How many keys a form knows, none when it lacks all that it requires: what many forms share does not say which was meant. Below zero when a fixed value of
 * the form differs. A free map knows every key a little.
 */
function score(schema: Schema, data: Record<string, unknown>): number {
  if (schema.patternProperties) return 0.5;
  let known = 0;
  for (const [key, value] of Object.entries(data)) {
    const property = properties(schema)[key];
    if (!property) continue;
    if ("const" in property && property.const !== value) return -1;
    known += 1;
  }
  const required = (schema.required ?? []) as readonly string[];
  return required.length > 0 && !required.some((key) => Object.hasOwn(data, key)) ? 0 : known;
}

function properties(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema.properties ?? {}) as Record<string, Schema>;
}

function isMap(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
