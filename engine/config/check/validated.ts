import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { TSchema } from "../../sdk/index.ts";
import type { SchemaError } from "./problem.ts";

/** What a schema found: what is wrong, and where secrets may stand (JSON Pointers). */
export interface Found {
  readonly errors: SchemaError[];
  readonly secretPlaces: Set<string>;
}

type Schema = Readonly<Record<string, unknown>>;
type At = NonNullable<Parameters<ValidateFunction>[1]>;

/**
 * Validates data and sets its defaults. To compile a schema takes far longer than to read a file, and few files hold a tenth of what they could: so each
 * part of a schema is compiled by itself when a file has it, and once. Schemas are ours or an installed connector's, hence trusted: all errors at
 * once are safe, and no schema of schemas is needed.
 */
export function validated(schema: TSchema, data: unknown): Found {
  const found: Found = { errors: [], secretPlaces: new Set() };
  run(found, schema as unknown as Schema, data);
  return found;
}

function run(found: Found, schema: Schema, data: unknown, at?: At): void {
  const validate = compiled(schema);
  if (validate.call(found, data, at)) return;
  // A part's own paths begin anew; where it stands makes them differ from those of other parts.
  for (const error of validate.errors ?? []) found.errors.push({ ...error, schemaPath: `${at?.instancePath ?? ""}${error.schemaPath}` } as SchemaError);
}

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, verbose: true, meta: false, validateSchema: false, passContext: true, code: { optimize: false } });
addFormats.default(ajv, ["date"]);
ajv.addKeyword({
  keyword: "x-secret",
  errors: false,
  validate(this: Found, _on: unknown, _data: unknown, _schema?: unknown, at?: At) {
    this.secretPlaces.add(at?.instancePath ?? "");
    return true;
  },
});
ajv.addKeyword({
  keyword: "x-part",
  errors: false,
  validate(this: Found, part: () => Schema, data: unknown, _schema?: unknown, at?: At) {
    run(this, part(), data, at);
    return true;
  },
});

const known = new WeakMap<Schema, ValidateFunction>();
/** The same words stand in many places: each connector's `auth`, each place for code. */
const byText = new Map<string, ValidateFunction>();

function compiled(schema: Schema): ValidateFunction {
  const found = known.get(schema);
  if (found) return found;
  const text = JSON.stringify(schema);
  const validate = byText.get(text) ?? ajv.compile(inParts(schema));
  byText.set(text, validate);
  known.set(schema, validate);
  return validate;
}

/** The schema with each structured property as a part. Forms of a union stay whole: they are judged together. */
function inParts(schema: Schema): Schema {
  const cut = (properties: unknown) => Object.fromEntries(Object.entries(properties as Record<string, Schema>).map(([key, part]) => [key, isStructured(part) ? asPart(part) : part]));
  return {
    ...schema,
    ...("properties" in schema && { properties: cut(schema.properties) }),
    ...("patternProperties" in schema && { patternProperties: cut(schema.patternProperties) }),
  };
}

function isStructured(schema: Schema): boolean {
  return ["properties", "patternProperties", "items", "anyOf"].some((key) => key in schema);
}

/** Behind a function, where the library does not look for more to compile. */
function asPart(part: Schema): Schema {
  return { "x-part": () => part, ...("default" in part && { default: part.default }) };
}
