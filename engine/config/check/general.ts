import type { Path } from "../yaml/node.ts";
import { expected, mostListed } from "./expected.ts";
import { nameOf, type Problem, type SchemaError } from "./problem.ts";
import { choices, nearest } from "./suggest.ts";

/** An error of a schema in general words. The value is never quoted: only a connector knows whether it is a secret. */
export function general(error: SchemaError, path: Path): Problem {
  const { keyword, params, parentSchema } = error;
  const name = nameOf(path);
  if (keyword === "additionalProperties") return unknownKey(error, path);
  if (parentSchema?.["x-secret"] === true) return literalSecret(path);
  const isListed = keyword === "const" || (keyword === "enum" && (params.allowedValues as unknown[]).length <= mostListed);
  if (error.data === null && !isListed) {
    return { code: "CFG-122", path, target: "key", message: `${name} is empty`, help: `write ${expected(parentSchema)}, or remove the key` };
  }
  if (keyword === "type") return { code: "CFG-122", path, target: "value", message: `${name} must be ${expected(parentSchema)}` };
  if (keyword === "enum") return notAChoice(path, String(error.data), (params.allowedValues as unknown[]).map(String));
  if (keyword === "const") return notAChoice(path, String(error.data), [String(params.allowedValue)]);
  if (keyword === "minimum" || keyword === "exclusiveMinimum" || keyword === "maximum" || keyword === "exclusiveMaximum") {
    return { code: "CFG-124", path, target: "value", message: `${name} must be ${bounds(parentSchema)}` };
  }
  if (keyword === "minItems" || keyword === "minProperties" || keyword === "minLength") {
    return { code: "CFG-124", path, target: "value", message: `${name} must not be empty` };
  }
  return { code: "CFG-122", path, target: "value", message: `${name} must be ${expected(parentSchema)}` };
}

function literalSecret(path: Path): Problem {
  return {
    code: "CFG-140",
    path,
    target: "value",
    message: `${nameOf(path)} is a secret and must be a reference, never the secret itself`,
    help: `write "\${env:NAME}" for an environment variable, or "\${file:name}" for a file`,
  };
}

export function notAChoice(path: Path, word: string, allowed: readonly string[]): Problem {
  const words = [...new Set(allowed)];
  const near = nearest(word, words);
  const listed = words.length > mostListed ? `${words.slice(0, 4).join(", ")} or another of ${words.length} words` : `one of ${words.join(", ")}`;
  const message = `${nameOf(path)} must be ${words.length === 1 ? words[0] : listed}`;
  return { code: "CFG-123", path, target: "value", message, ...(near === undefined ? {} : { help: `did you mean "${near}"?` }) };
}

function unknownKey(error: SchemaError, path: Path): Problem {
  const key = String(error.params.additionalProperty);
  const at = [...path, key];
  if (error.parentSchema?.patternProperties) {
    return { code: "CFG-122", path: at, target: "key", message: `"${key}" is no name here`, help: "names are made of lower-case letters, digits and dashes" };
  }
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
  const where = path.length === 0 ? "" : ` in ${nameOf(path)}`;
  return { code: "CFG-120", path: at, target: "key", message: `unknown key "${key}"${where}`, help: choices(key, known, "keys") };
}

function bounds(schema: SchemaError["parentSchema"]): string {
  const low = schema?.minimum ?? schema?.exclusiveMinimum;
  const high = schema?.maximum ?? schema?.exclusiveMaximum;
  if (low !== undefined && high !== undefined) return `from ${low} to ${high}`;
  return low === undefined ? `at most ${high}` : `at least ${low}`;
}

/** Every key missing in one place is one mistake. */
export function missingKeys(path: Path, keys: readonly string[]): Problem {
  const list = keys.map((key) => `"${key}"`).join(", ");
  const where = path.length === 0 ? "the file" : nameOf(path);
  return { code: "CFG-121", path, target: "key", message: `${where} lacks ${list}` };
}
