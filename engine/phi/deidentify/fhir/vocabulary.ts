import { type Json, readJson, writeJson } from "../../../codec/json/index.ts";
import type { Tree } from "../../../codec/tree.ts";
import type { DeidentifySpec } from "../../../config/project.ts";
import { type Element, isResource, primitives } from "./elements.ts";
import { isList, isObject, type JsonObject, textAt } from "./json.ts";
import { type Action, limitedDataSet, safeHarbor } from "./rows.ts";
import { integrity } from "./security.ts";
import { placeOf, shapeOf } from "./shapes.ts";
import { isListedCode, isPublicCodeIn, profileIn, terms } from "./terms.ts";
import { isKeptCode, isKeptUnit, isQuestion } from "./values.ts";

/**
 * What of a de-identified text the standard and the policy do not say word for word, a value a line: names of elements, codes of a list, known systems and
 * profiles are gone. Of a code or unit that only has a known form, the raw message must hold the same one in the same place, since a form has room
 * for a number of somebody's. Nothing for a text that is no plain writing of its values.
 */
export function beyondVocabulary(text: string, raw: Tree, { method }: Pick<DeidentifySpec, "method">): string | undefined {
  try {
    const root = readJson(text, { numbers: "exact" });
    if (writeJson(root) !== text || !isObject(root)) return undefined;
    const { actions } = method === "limited-data-set" ? limitedDataSet : safeHarbor;
    const reading = new Reading(actions, codesOf(raw));
    reading.resource(root);
    return reading.beyond.join("\n");
  } catch {
    return undefined;
  }
}

/** Codes and units as the raw message has them; none of a message in another format. */
function codesOf(raw: Tree): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const { path, value } of raw.leaves()) if (/\/(?:code|unit|linkId)$/.test(path)) codes.add(value);
  return codes;
}

const absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

class Reading {
  readonly beyond: string[] = [];
  readonly #actions: ReadonlyMap<string, Action>;
  readonly #codes: ReadonlySet<string>;
  /** Of the resource that is being read. */
  #type = "";

  constructor(actions: ReadonlyMap<string, Action>, codes: ReadonlySet<string>) {
    this.#actions = actions;
    this.#codes = codes;
  }

  resource(value: Json): void {
    const type = textAt(value, "resourceType");
    if (!isObject(value) || !isResource(type)) return this.#open(value);
    const { resourceType: _, ...rest } = value;
    const around = this.#type;
    this.#type = type;
    this.#object(type, rest);
    this.#type = around;
  }

  #object(place: string, value: Json): void {
    if (!isObject(value)) return this.#open(value);
    const shape = shapeOf(place);
    for (const [name, each] of Object.entries(value)) {
      const element = shape.get(name);
      if (!element) {
        this.beyond.push(name);
        this.#open(each);
      } else for (const item of isList(each) ? each : [each]) this.#element(element, item, value);
    }
  }

  #element(element: Element, value: Json, beside: JsonObject): void {
    const { name, type } = element;
    if (name === "extension") this.#extension(value);
    else if (type === "Resource") this.resource(value);
    else if (!primitives.has(type)) this.#object(placeOf(element), value);
    else if (typeof value !== "string" || !this.#isVocabulary(element, value, beside)) this.#open(value);
  }

  #isVocabulary(element: Element, value: string, beside: JsonObject): boolean {
    if (isKeptCode(value, element)) return true;
    switch (this.#actions.get(element.path)) {
      case "term":
        return this.#isTerm(element.name, textAt(beside, "system"), textAt(beside, "code"));
      case "unit":
        return isKeptUnit(beside) && (element.name === "system" || this.#codes.has(value));
      case "question":
        return isQuestion(value) && this.#codes.has(value);
      case "profile":
        return profileIn(value) === value;
      case "date":
      case "birth":
        // Two years side by side are no day: 2004 and 2015 none of April 2015.
        return /^(?:19|20)\d\d$/.test(value);
      case "system":
        return value === terms.identifierSystem;
      default:
        return false;
    }
  }

  #isTerm(name: string, system: string, code: string): boolean {
    if (system === integrity && integrityCodes.has(code)) return true;
    return isPublicCodeIn(this.#type, system, code) && (name === "system" || isListedCode(system, code) || this.#codes.has(code));
  }

  /** As the engine writes them, and no other. */
  #extension(value: Json): void {
    const url = textAt(value, "url");
    if (!isObject(value) || !(url === absent || terms.extensions.some(([known]) => known === url))) return this.#open(value);
    const { url: _, valueCode, extension, ...rest } = value;
    if (valueCode !== undefined && !(typeof valueCode === "string" && words.has(valueCode))) this.#open(valueCode);
    for (const part of isList(extension) ? extension : []) this.#part(part);
    if (extension !== undefined && !isList(extension)) this.#open(extension);
    this.#open(rest);
  }

  #part(part: Json): void {
    const coding = isObject(part) && part["url"] === "ombCategory" && Object.keys(part).length === 2 ? part["valueCoding"] : undefined;
    if (coding === undefined || !terms.extensions.some(([, , system, codes = ""]) => system === textAt(coding, "system") && codes.split(" ").includes(textAt(coding, "code")))) return this.#open(part);
    const { system: _, code: __, ...rest } = coding as JsonObject;
    this.#open(rest);
  }

  /** All of a value, and the keys in it. */
  #open(value: Json): void {
    if (isList(value)) for (const each of value) this.#open(each);
    else if (isObject(value)) {
      for (const [key, each] of Object.entries(value)) {
        this.beyond.push(key);
        this.#open(each);
      }
    } else if (value !== null && typeof value !== "boolean") this.beyond.push(typed(value));
  }
}

/** A link says the type of what it points to. */
function typed(value: Json): string {
  const text = String(value);
  const slash = text.indexOf("/");
  return slash > 0 && isResource(text.slice(0, slash)) ? text.slice(slash + 1) : text;
}

const integrityCodes: ReadonlySet<string> = new Set(["ANONYED", "PSEUDED", "REDACTED"]);
const words: ReadonlySet<string> = new Set(["masked", "F", "M", "OTH", "UNK", "ASKU"]);
