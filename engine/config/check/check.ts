import type { TSchema } from "../../sdk/index.ts";
import { type Node, toPlain } from "../yaml/node.ts";
import { general, missingKeys } from "./general.ts";
import { type Explain, pathOf, type Problem, type SchemaError } from "./problem.ts";
import { nearest } from "./suggest.ts";
import { meant } from "./union.ts";
import { validated } from "./validated.ts";

/** A value as data with its defaults, what is wrong with it, and where secrets may stand (JSON Pointers). */
export interface Checked {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly secretPlaces: ReadonlySet<string>;
}

export type Check = (node: Node, explain?: Explain) => Checked;

/** A check against a schema, which is compiled when something is checked, and of it what stands in the file. */
export function checkOf(schema: TSchema): Check {
  return (node, explain) => {
    const value = toPlain(node);
    const { errors, secretPlaces } = validated(schema, value);
    return { value, problems: explainAll(errors, explain), secretPlaces };
  };
}

function explainAll(errors: readonly SchemaError[], explain: Explain | undefined): Problem[] {
  const unions = errors.filter((e) => (e.keyword === "anyOf" || e.keyword === "oneOf") && !errors.some((outer) => outer !== e && within(e, outer)));
  const problems: Problem[] = [];
  const plain = errors.filter((e) => !unions.includes(e) && !unions.some((union) => within(e, union)));
  for (const union of unions) {
    const own = explain?.(union, pathOf(union.instancePath), plain);
    if (own === "drop") continue;
    if (own) problems.push(own);
    else {
      const inside = errors.filter((e) => within(e, union));
      const result = meant(union, inside);
      problems.push(...("code" in result ? [result] : explainAll(result, explain)));
    }
  }
  for (const [pointer, keys] of missing(plain)) {
    const error = plain.find((e) => e.keyword === "required" && e.instancePath === pointer) as SchemaError;
    const own = explain?.({ ...error, params: { missingProperties: keys } }, pathOf(pointer), plain);
    if (own !== "drop") problems.push(own ?? missingKeys(pathOf(pointer), keys));
  }
  for (const error of plain) {
    if (error.keyword === "required") continue;
    const own = explain?.(error, pathOf(error.instancePath), plain);
    if (own !== "drop") problems.push(own ?? general(error, pathOf(error.instancePath)));
  }
  return onePerPlace(problems);
}

/** Whether an error comes from inside one form of a union. */
function within(error: SchemaError, union: SchemaError): boolean {
  if (union.keyword !== "anyOf" && union.keyword !== "oneOf") return false;
  const below = error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`);
  return below && error.schemaPath.startsWith(`${union.schemaPath}/`);
}

/** Keys missing by place, without those that stand there misspelt. */
function missing(errors: readonly SchemaError[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const error of errors) {
    if (error.keyword !== "required") continue;
    const key = String(error.params.missingProperty);
    const isMisspelt = errors.some((e) => e.instancePath === error.instancePath && nearest(String(e.params.additionalProperty ?? ""), [key]) !== undefined);
    if (!isMisspelt) found.set(error.instancePath, [...(found.get(error.instancePath) ?? []), key]);
  }
  return found;
}

/** A value of the wrong type also breaks its pattern and its bounds: the first is the mistake. */
function onePerPlace(problems: readonly Problem[]): Problem[] {
  const rank = (p: Problem) => (p.code === "CFG-140" ? 0 : p.code === "CFG-122" ? 1 : 2);
  const best = new Map<string, Problem>();
  for (const problem of problems) {
    const place = JSON.stringify([problem.path, problem.target, problem.code === "CFG-121"]);
    const known = best.get(place);
    if (!known || rank(problem) < rank(known)) best.set(place, problem);
  }
  return [...best.values()];
}
