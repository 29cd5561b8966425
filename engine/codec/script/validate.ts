import type { Code } from "../../sdk/error.ts";
import type { Problem } from "../problem.ts";
import type { Tree } from "../tree.ts";
import { type Element, localName } from "../xml/node.ts";
import { ScriptMessage } from "./message.ts";
import { contradictsItself, lineOf, type Reject } from "./problems.ts";
import { forms, type Item, type Structure, structures, versionOf } from "./structures.ts";

/**
 * What a message is not that the tables of SCRIPT (`schemas/script`) say it should be: a version, one transaction, required elements, counts, choices,
 * forms of values and the order of what the schema is known to order are errors; an unknown element, another order and what is expected and absent are notes. Nothing is dropped or changed.
 */
export function validateScript(tree: Tree): readonly Problem[] {
  if (!(tree instanceof ScriptMessage)) return [];
  return new Reading(tree).problems();
}


class Reading {
  readonly #message: ScriptMessage;
  readonly #text: string;
  readonly #version: string | undefined;
  readonly #out: Problem[] = [];

  constructor(message: ScriptMessage) {
    this.#message = message;
    this.#text = message.toString();
    this.#version = versionOf(message.statedVersions);
  }

  problems(): readonly Problem[] {
    const { root } = this.#message;
    if (contradictsItself(this.#message)) this.#add("SCR-214", root, "/Message", "601");
    else if (this.#version === undefined) this.#add("SCR-201", root, "/Message", "601");
    const structure = structures.get("Message");
    if (structure !== undefined) this.#complex(root, structure, "/Message");
    if (this.#message.isSigned) this.#add("SCR-213", root, "");
    return this.#out;
  }

  #complex(element: Element, structure: Structure, path: string): void {
    if (structure.name === "ds") return;
    if (element.children.length === 0 && element.runs.some(({ isBlank }) => !isBlank)) return this.#add("SCR-211", element, path);
    const counts = new Map<string, number>();
    const totals = new Map<string, number>();
    for (const { name } of element.children) totals.set(localName(name), (totals.get(localName(name)) ?? 0) + 1);
    let last = -1;
    for (const child of element.children) {
      const name = localName(child.name);
      const n = (counts.get(name) ?? 0) + 1;
      counts.set(name, n);
      const at = `${path}/${name}${(totals.get(name) ?? 0) > 1 ? `[${n}]` : ""}`;
      const place = structure.places.get(name);
      if (place === undefined || !this.#isOfVersion(place.item)) {
        // In the body it is a transaction nobody here knows, elsewhere an addition: both are kept.
        this.#add(structure.name === "Body" ? "SCR-204" : "SCR-208", child, at);
        continue;
      }
      if (n > 1 && !place.item.repeats) this.#add("SCR-206", child, at, "900");
      if (place.item.isOrdered && place.at < last) this.#add("SCR-209", child, at, structure.isSequence ? "900" : undefined);
      if (place.item.isOrdered) last = Math.max(last, place.at);
      this.#judge(child, place.type, at);
    }
    for (const item of structure.items) this.#present(item, element, counts, path);
  }

  #judge(element: Element, type: string, path: string): void {
    const structure = structures.get(type);
    if (structure !== undefined) return this.#complex(element, structure, path);
    if (element.children.length > 0) return this.#add("SCR-208", element.children[0] ?? element, `${path}/${localName(element.children[0]?.name ?? "")}`);
    const value = element.runs.map((run) => run.value).join("").trim();
    if (value === "" || forms.get(type)?.test(value) === false) this.#add("SCR-207", element, path, "900");
  }

  #present(item: Item, element: Element, counts: ReadonlyMap<string, number>, path: string): void {
    if (!this.#isOfVersion(item)) return;
    const found = item.alternatives.filter(({ name }) => counts.has(name));
    const [only] = item.alternatives;
    const isChoice = item.alternatives.length > 1;
    const at = isChoice || only === undefined ? path : `${path}/${only.name}`;
    if (isChoice && (found.length > 1 || (found.length === 0 && item.min === 1))) {
      // Of a body that holds another thing the note about it says enough.
      if (path === "/Message/Body" && found.length === 0 && element.children.length === 1) return;
      this.#add(path === "/Message/Body" ? "SCR-203" : "SCR-205", element, path, "900");
    } else if (found.length === 0 && item.min === 1) this.#add("SCR-202", element, at, "900");
    else if (found.length === 0 && item.isExpected) this.#add("SCR-210", element, at);
  }

  #isOfVersion({ version }: Item): boolean {
    return version === undefined || this.#version === undefined || version === this.#version;
  }

  /** With the code that SCRIPT's Error would carry it is an error, else a note. */
  #add(code: Code, element: Element, path: string, standard?: Reject): void {
    const line = lineOf(this.#text, element);
    this.#out.push({ code, path, line, ...(standard !== undefined && { severity: "error", standard }) });
  }
}


