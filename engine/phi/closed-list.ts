import type { Tree } from "../codec/tree.ts";
import { readJson } from "../codec/json/index.ts";
import type { Channel, ClosedField, ClosedList, DestinationSpec } from "../config/project.ts";
import { codeOf, type Content } from "../sdk/index.ts";
import type { Mint, Refusal } from "./boundary.ts";
import { Copies } from "./copies.ts";
import { accepted, isOpen, type Scalar } from "./fields.ts";
import type { MessageHarvest, Taken } from "./harvest.ts";
import { isAtMost } from "./levels.ts";
import { hasForm } from "./token-forms.ts";
import { leftOf, type Pair } from "./validated.ts";

const utf8 = new TextEncoder();

interface Projected {
  readonly channel: Channel;
  readonly destination: DestinationSpec;
  readonly result: string;
  readonly harvest: MessageHarvest;
  readonly mint: Mint;
  readonly now: number;
}

type Outcome = { readonly content: Content } | { readonly refusal: Refusal };

/** The closed list: every field is checked or set by the engine, every other key refuses. The result is written anew, in the declared order. */
export function project({ channel, destination, result, harvest, mint, now }: Projected): Outcome {
  const { only, sends } = destination;
  if (!only) return refuse("PHI-204", "no-closed-list");
  // A closed list lowers to `none` alone: what de-identified or limited data is, a list of fields cannot say, and `deidentify` says it.
  if (sends !== "none" && !destination.deidentify && !isAtMost(channel.classification.level, sends)) return refuse("PHI-206", "declassifier");
  let given: unknown;
  try {
    given = readJson(result);
  } catch (error) {
    return refuse("PHI-204", `json ${codeOf(error, "PHI-204")}`);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return refuse("PHI-204", "object");
  const values = new Map<string, unknown>(Object.entries(given));
  const extra = [...values.keys()].some((key) => !Object.hasOwn(only, key));
  if (extra) return refuse("PHI-204", "undeclared-field");
  const pairs: Pair[] = [];
  const taken = copiedFrom(harvest, only);
  let made: Copies | undefined;
  const copies = () => (made ??= new Copies([...taken.values()], harvest));
  for (const [name, field] of Object.entries(only)) {
    const set = fieldValue(name, field, values, { destination, harvest, taken, copies, mint, now });
    if (set && "refusal" in set) return set;
    if (set) pairs.push([name, set.value]);
  }
  const body = `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  // The guard reads this very text, where nothing else is made of it.
  harvest.last = { body, only, rest: leftOf(body, pairs, only, new Set([...harvest.minted, ...harvest.copied])) };
  return { content: { format: "json", bytes: utf8.encode(body) } };
}

type CopyField = Extract<ClosedField, { kind: "copy" }>;

type Set = { readonly value: Scalar } | { readonly refusal: Refusal } | undefined;

function fieldValue(
  name: string,
  field: ClosedField,
  values: ReadonlyMap<string, unknown>,
  engine: { readonly destination: DestinationSpec; readonly harvest: MessageHarvest; readonly taken: Taken["values"]; readonly copies: () => Copies; readonly mint: Mint; readonly now: number },
): Set {
  if (isOpen(field)) {
    if (!values.has(name)) return field.optional ? undefined : refuse("PHI-204", "missing-field", name);
    const value = accepted(field, values.get(name), engine.now);
    return value === undefined ? refuse("PHI-204", field.kind, name) : { value };
  }
  if (values.has(name)) return refuse("PHI-204", "engine-field", name);
  switch (field.kind) {
    case "const":
      return { value: field.value };
    case "copy":
      return copied(name, field, engine.harvest, engine.taken.get(field), engine.copies);
    case "surrogate": {
      if (field.of === undefined) return { value: engine.mint.surrogate(engine.destination.partner, name) };
      const of = single(engine.harvest.raw, field.of);
      return of === undefined ? refuse("PHI-205", "surrogate", name) : { value: engine.mint.surrogate(engine.destination.partner, field.names === undefined ? field.of : `kind ${field.names}`, of) };
    }
  }
}

/** Taken by the engine: exactly one value, of the token's form, with no identifier of this message inside. */
function copied(name: string, field: CopyField, harvest: MessageHarvest, value: string | undefined, copies: () => Copies): Set {
  if (value === undefined) return refuse("PHI-205", "copy", name);
  const isToken = hasForm(value, field.as, harvest.raw.type);
  // Whatever else it is, it is no provider's number: that is what somebody has to mend.
  if (!isToken && field.as === "npi") return refuse("PHI-205", field.as, name);
  if (isToken ? copies().isTelling(value) : copies().isIdentifying(value)) return refuse("PHI-201", "copy", name);
  if (!isToken) return refuse("PHI-205", field.as, name);
  harvest.copied.add(value);
  return { value };
}

/** What the copy fields of a list took from this message. */
export function takenBy(only: ClosedList | undefined, harvest: MessageHarvest): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const [field, value] of only ? copiedFrom(harvest, only) : []) if (field.kind === "copy" && hasForm(value, field.as, harvest.raw.type)) taken.add(value);
  return taken;
}

/** What stands, once and not empty, where the copy fields of a list look; it is asked for when the list is filled and when that leaves. */
function copiedFrom(harvest: MessageHarvest, only: ClosedList): Taken["values"] {
  if (harvest.taken?.only === only) return harvest.taken.values;
  const values = new Map<ClosedField, string>();
  for (const field of Object.values(only)) {
    const value = field.kind === "copy" ? single(harvest.raw, field.path) : undefined;
    if (value !== undefined) values.set(field, value);
  }
  harvest.taken = { only, values };
  return values;
}

function single(raw: Tree, path: string): string | undefined {
  try {
    const values = raw.values(path);
    return values.length === 1 && values[0] !== "" ? values[0] : undefined;
  } catch {
    return undefined;
  }
}

function refuse(code: Refusal["code"], rule: string, where?: string): { readonly refusal: Refusal } {
  return { refusal: where === undefined ? { code, rule } : { code, rule, where } };
}
