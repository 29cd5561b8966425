import { parseScript } from "../../../codec/index.ts";
import { buildScript, type Content } from "../../../codec/script/build.ts";
import { versionIn } from "../../../codec/script/structures.ts";
import { placedElements, textOf } from "../../../codec/script/walk.ts";
import { ScriptMessage } from "../../../codec/script/message.ts";
import { type Element, localName } from "../../../codec/xml/node.ts";
import type { Tree } from "../../../codec/tree.ts";
import type { DeidentifySpec } from "../../../config/project.ts";
import { stateIn } from "../places.ts";
import { qualifiers, ruleFor, sets } from "./table.ts";

/**
 * What of a de-identified text the tables and the policy do not say word for word, a value a line: names of elements, codes of a set, states and known
 * qualifiers are gone. Of a code that only has a known form, the raw message must hold the same one, since a form has room for a number of
 * somebody's. Nothing for a text that is not as the policy writes.
 */
export function beyondVocabulary(text: string, raw: Tree, { method }: Pick<DeidentifySpec, "method">): string | undefined {
  try {
    const message = parseScript(text);
    const { root } = message;
    if (!isPlain(text, root, message.version)) return undefined;
    const codes = codesOf(raw);
    const beyond: string[] = [];
    for (const { element, name, owner, type, parent } of placedElements(root)) {
      if (owner === undefined || type === undefined) return undefined;
      const value = textOf(element);
      if (value === "") continue;
      const rule = ruleFor(method, owner, name);
      const around = parent?.owner === undefined ? undefined : ruleFor(method, parent.owner, parent.name).action;
      const isCoded = around === "coded" || around === "drug";
      const isSaid = isCoded
        ? (name === "Qualifier" && qualifiers.has(value)) || (name === "Code" && codes.has(value))
        : (rule.action === "code" && sets.get(rule.detail)?.has(value) === true) || (rule.action === "state" && stateIn(value) === value);
      if (!isSaid) beyond.push(value);
    }
    return beyond.join("\n");
  } catch {
    return undefined;
  }
}

/** Whether a text is what the policy would write of its own elements: no attribute, comment or space of its own. */
function isPlain(text: string, root: Element, version: string): boolean {
  const [header, body, ...more] = root.children;
  if (header === undefined || body === undefined || more.length > 0 || versionIn(version) !== version) return false;
  return buildScript({ version, header: insides(header), body: insides(body) as Readonly<Record<string, Content>> }) === text;
}

function insides(element: Element): Readonly<Record<string, Content | readonly Content[]>> {
  const all = new Map<string, Content[]>();
  for (const child of element.children) {
    const name = localName(child.name);
    const content = child.children.length > 0 ? (insides(child) as Content) : child.runs.map(({ value }) => value).join("");
    all.set(name, [...(all.get(name) ?? []), content]);
  }
  return Object.fromEntries(all);
}

function codesOf(raw: Tree): ReadonlySet<string> {
  if (!(raw instanceof ScriptMessage)) return new Set();
  return new Set([...placedElements(raw.root)].filter(({ name, type }) => name === "Code" || type === "Coded").map(({ element }) => textOf(element)));
}
