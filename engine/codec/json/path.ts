import { EngineError } from "../../sdk/error.ts";
import type { Node, ObjectNode, ScalarNode } from "./node.ts";

/** One step of an element path: a name, an extension by the end of its url, or identifiers by the end of their system. */
type Step = { readonly name: string; readonly system?: string } | { readonly extension: string };

/** What a path found: its scalar values, and how many extensions the last `extension(x)` step matched. */
export interface Found {
  readonly values: readonly string[];
  /** Where the values stand, in the same order. */
  readonly scalars: readonly ScalarNode[];
  /** Only of paths with `extension(x)`; 1 is what configuration means, per element that carries it. */
  readonly extensions?: number;
  /** An element carried the extension more than once. */
  readonly ambiguous: boolean;
}

/**
 * Values at `participant.actor.reference`, `Patient.name.family`, `extension(copay).value`, `identifier(us-npi).value`, stepping into arrays. A path that ends
 * at an object gives every scalar below it.
 */
export function findValues(root: Node, path: string, type: string): Found {
  const steps = readSteps(path);
  const first = steps[0];
  if (first !== undefined && "name" in first && first.name === type && type !== "" && steps.length > 1) steps.shift();
  let nodes = flatten([root]);
  let extensions: number | undefined;
  let ambiguous = false;
  let carriers = false;
  for (const step of steps) {
    if ("name" in step) {
      const below = flatten(nodes.flatMap((node) => child(node, step.name, carriers)));
      const { system } = step;
      nodes = system === undefined ? below : below.filter((node) => ends(node, "system", system));
      carriers = false;
    } else {
      extensions = 0;
      const next: Node[] = [];
      for (const node of nodes) {
        const found = extensionsOf(node, step.extension);
        if (found.length > 1) ambiguous = true;
        extensions += found.length;
        for (const each of found) next.push(each);
      }
      nodes = next;
      carriers = true;
    }
  }
  if (carriers) nodes = nodes.flatMap((node) => contentOf(node as ObjectNode));
  const scalars = nodes.flatMap(scalarsOf);
  const values = scalars.map((node) => node.text);
  return { values, scalars, ambiguous, ...(extensions !== undefined && { extensions }) };
}

function readSteps(path: string): Step[] {
  if (typeof path !== "string") throw new EngineError("JSN-101");
  const steps: Step[] = [];
  const step = /(?:(extension|identifier)\(([^()\s]+)\)|([A-Za-z_$][\w$-]*))(?:\.(?=.)|$)/y;
  for (let at = 0; at < path.length; at = step.lastIndex) {
    step.lastIndex = at;
    const match = step.exec(path);
    if (match === null) throw new EngineError("JSN-101", { at });
    const [, kind, end = "", name = ""] = match;
    steps.push(kind === undefined ? { name } : kind === "extension" ? { extension: end } : { name: kind, system: end });
  }
  if (steps.length === 0) throw new EngineError("JSN-101", { at: 0 });
  return steps;
}

/** Below an extension, `value` means its value[x] and other names are looked for in that value first. */
function child(node: Node, name: string, isExtension: boolean): Node[] {
  if (node.kind !== "object") return [];
  const own = node.members.get(name);
  if (own !== undefined) return [own];
  if (!isExtension) return choice(node, name);
  return flatten(choiceOf(node)).flatMap((value) => {
    const member = value.kind === "object" ? value.members.get(name) : undefined;
    // `extension(x).value` of a scalar is that scalar; of a Money or Quantity it is the number.
    return member !== undefined ? [member] : name === "value" ? [value] : [];
  });
}

/** `value` finds `valueQuantity`: an element with a choice of types is named without its type. */
function choice(node: ObjectNode, name: string): Node[] {
  for (const [key, member] of node.members) {
    if (key.startsWith(name) && choiceTypes.test(key.slice(name.length))) return [member];
  }
  return [];
}

const choiceTypes =
  /^(?:Boolean|Integer|Decimal|String|Uri|Url|Canonical|Instant|Date|DateTime|Time|Code|Oid|Id|Markdown|UnsignedInt|PositiveInt|Uuid|Base64Binary|Age|Annotation|Attachment|CodeableConcept|Coding|ContactPoint|Count|Distance|Duration|HumanName|Identifier|Address|Money|Period|Quantity|Range|Ratio|Reference|SampledData|Signature|Timing|Dosage|Meta|Expression)$/;

function choiceOf(extension: ObjectNode): Node[] {
  for (const [key, member] of extension.members) if (/^value[A-Z]/.test(key)) return [member];
  return [];
}

/** The value of an extension, or those of the extensions inside it. */
function contentOf(extension: ObjectNode): Node[] {
  const own = choiceOf(extension);
  if (own.length > 0) return own;
  const inner = extension.members.get("extension");
  return inner?.kind === "array" ? inner.items.flatMap((item) => (item.kind === "object" ? contentOf(item) : [])) : [];
}

/** Every scalar at or below a node, so that a path to an object says whether anything is there. */
function scalarsOf(node: Node): ScalarNode[] {
  if (node.kind === "object") return [...node.members.values()].flatMap(scalarsOf);
  if (node.kind === "array") return node.items.flatMap(scalarsOf);
  return node.kind === "null" ? [] : [node];
}

function extensionsOf(node: Node, url: string): Node[] {
  const all = node.kind === "object" ? node.members.get("extension") : undefined;
  return all?.kind === "array" ? all.items.filter((item) => ends(item, "url", url)) : [];
}

/** Whether an address of the element is this one, or ends in it. */
function ends(node: Node, member: "url" | "system", end: string): boolean {
  const own = node.kind === "object" ? node.members.get(member) : undefined;
  return own?.kind === "string" && (own.text === end || own.text.endsWith(`/${end}`));
}

function flatten(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => (node.kind === "array" ? flatten(node.items) : [node]));
}
