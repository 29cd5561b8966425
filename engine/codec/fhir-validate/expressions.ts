import { compile, type OptionVariants } from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";
import type { Focus } from "../fhir/index.ts";
import { Plain } from "./plain.ts";
import { type Shortcut, shortcutOf } from "./shortcut.ts";

type Evaluator = (focus: unknown, variables: Record<string, unknown>) => unknown;

/** Functions that stand in for the library's own. */
const own: NonNullable<OptionVariants["userInvocationTable"]> = {
  // It compares each with each, which a Bundle of thousands of entries would wait for.
  isDistinct: { fn: (items: readonly unknown[]) => [new Set(items.map((item) => `${typeof item} ${JSON.stringify(item)}`)).size === items.length], arity: { 0: [] } },
  // A trace is for a person who looks on, and shows content.
  trace: { fn: (items: readonly unknown[]) => items, arity: { 1: ["String"], 2: ["String", "Expr"] }, internalStructures: true },
};

/** Compiled by expression and by the type it begins at; the same few hundred for every message. */
const compiled = new Map<string, Map<string, Evaluator>>();

/** Evaluates invariants of one message with the fhirpath library; undefined for what it cannot evaluate. */
export function holdsBy(): (expression: string, focus: Focus) => boolean | undefined {
  const plain = new Plain();
  return (expression, { node, type, within }) => {
    if (shortcut(expression)?.(node) === true) return true;
    try {
      const variables = { resource: plain.of(within.resource), rootResource: plain.of(within.container) };
      const result = evaluator(expression, type)(plain.of(node), variables);
      if (!Array.isArray(result)) return undefined;
      // A single value counts as true, and nothing as false (FHIRPath 4.5, and how the standard's own validator reads an invariant).
      return result.length === 1 ? result[0] !== false : result.length > 1;
    } catch {
      return undefined;
    }
  };
}

const shortcuts = new Map<string, Shortcut | undefined>();

function shortcut(expression: string): Shortcut | undefined {
  if (!shortcuts.has(expression)) shortcuts.set(expression, shortcutOf(expression));
  return shortcuts.get(expression);
}

function evaluator(expression: string, type: string): Evaluator {
  let ofExpression = compiled.get(expression);
  if (ofExpression === undefined) compiled.set(expression, (ofExpression = new Map()));
  const known = ofExpression.get(type);
  if (known !== undefined) return known;
  const made = compile({ base: type, expression }, r4, { traceFn: () => undefined, ...(/\b(?:isDistinct|trace)\(/.test(expression) && { userInvocationTable: own }) }) as Evaluator;
  ofExpression.set(type, made);
  return made;
}

