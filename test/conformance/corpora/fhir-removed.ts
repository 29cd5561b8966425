import { validateFhir } from "../../../engine/codec/fhir-validate/index.ts";
import { type Definition, type ElementDefinition, ndjson, r4 } from "../../../schemas/fhir/source.ts";
import { bytesOf, type Corpus, filesIn, pathOf } from "../corpus.ts";

/**
 * Every element of an example that its definitions ask for, taken out: the validator must name just that place. What is asked for is read here from the snapshots
 * as they were published, not from the tables that the validator has.
 */
const folder = "fhir/us-core-6.1.0-examples";

interface Removal {
  readonly file: string;
  /** Keys and indexes from the root to the object that holds the element. */
  readonly holder: readonly (string | number)[];
  readonly key: string;
  /** Of a list, the one that goes; the whole element otherwise. */
  readonly index?: number;
  /** Where it must be missed: the element without an index. */
  readonly path: string;
}

type Json = Record<string, unknown>;

let known: ReadonlyMap<string, Definition> | undefined;
let removals: ReadonlyMap<string, Removal> | undefined;

function definitions(): ReadonlyMap<string, Definition> {
  known ??= new Map([...r4("profiles-types.json"), ...r4("profiles-resources.json"), ...r4("profiles-others.json"), ...ndjson(pathOf("fhir/us-core-6.1.0-definitions", "StructureDefinition.ndjson"))].map((each) => [each.url, each]));
  return known;
}

const standard = (name: string) => definitions().get(`http://hl7.org/fhir/StructureDefinition/${name}`);

function all(): ReadonlyMap<string, Removal> {
  removals ??= new Map(filesIn(folder).flatMap((file) => [...ofResource(JSON.parse(bytesOf(folder, file).toString("utf8")) as Json, file, [], undefined)].map((each) => [`${file}#${each.holder.join(".")}.${each.key}${each.index ?? ""} ${each.path}`, each] as const)));
  return removals;
}

function* ofResource(resource: Json, file: string, holder: Removal["holder"], path: string | undefined): Generator<Removal> {
  const type = String(resource["resourceType"]);
  const claimed = ((resource["meta"] as Json | undefined)?.["profile"] ?? []) as string[];
  const each = [standard(type), ...claimed.map((url) => definitions().get(url.split("|")[0] ?? ""))].filter((definition) => definition !== undefined);
  for (const [i, { snapshot }] of each.entries()) yield* ofElement(resource, type, snapshot.element, file, holder, path ?? type, i === 0);
}

/** `deep`: go into data types as well, which once is enough. */
function* ofElement(node: Json, at: string, elements: readonly ElementDefinition[], file: string, holder: Removal["holder"], path: string, deep: boolean): Generator<Removal> {
  for (const element of elements) {
    if (element.path.slice(0, element.path.lastIndexOf(".")) !== at || element.id.slice(0, element.id.lastIndexOf(".")) !== idOf(elements, at)) continue;
    const last = element.path.slice(at.length + 1);
    const name = last.replace(/\[x\]$/, "");
    const keys = Object.keys(node).filter((key) => key === name || (last.endsWith("[x]") && key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))));
    for (const key of keys) {
      const value = node[key];
      if (element.sliceName !== undefined) {
        if (element.min > 0 && Array.isArray(value)) yield* ofSlice(value, element, elements, { file, holder, key, path: `${path}.${name}` });
        continue;
      }
      if (element.min > 0) yield { file, holder, key, path: `${path}.${name}` };
      const chosen = last.endsWith("[x]") ? key.slice(name.length) : "";
      const step = chosen === "" ? name : `${name}.ofType(${element.type?.find(({ code }) => code.toLowerCase() === chosen.toLowerCase())?.code ?? chosen})`;
      for (const [i, item] of (Array.isArray(value) ? value : [value]).entries()) {
        if (item === null || typeof item !== "object") continue;
        const below = Array.isArray(value) ? [...holder, key, i] : [...holder, key];
        const place = Array.isArray(value) ? `${path}.${step}[${i}]` : `${path}.${step}`;
        yield* inside(item as Json, element, elements, file, below, place, deep, chosen);
      }
    }
  }
}

function* inside(item: Json, element: ElementDefinition, elements: readonly ElementDefinition[], file: string, holder: Removal["holder"], path: string, deep: boolean, chosen: string): Generator<Removal> {
  const target = element.contentReference?.split("#")[1] ?? element.path;
  yield* ofElement(item, target, elements, file, holder, path, deep);
  const type = element.type?.find(({ code }) => chosen === "" || code.toLowerCase() === chosen.toLowerCase())?.code;
  if (!deep || type === undefined || type === "BackboneElement" || type === "Element") return;
  if (type === "Resource") yield* ofResource(item, file, holder, path);
  else yield* ofElement(item, type, standard(type)?.snapshot.element ?? [], file, holder, path, true);
}

/** The id of an element that is no slice. */
function idOf(elements: readonly ElementDefinition[], path: string): string {
  return elements.find((each) => each.path === path && !each.id.includes(":"))?.id ?? path;
}

/** Items of a slice that holds just as many as it must. */
function* ofSlice(items: readonly unknown[], { id, min }: ElementDefinition, elements: readonly ElementDefinition[], place: Omit<Removal, "index">): Generator<Removal> {
  const says = elements.filter((each) => each.id === id || each.id.startsWith(`${id}.`)).flatMap((each) => {
    const value = Object.entries(each).find(([key]) => /^(?:fixed|pattern)[A-Z]/.test(key));
    const url = each.id === id ? each.type?.[0]?.profile?.[0] : undefined;
    if (url !== undefined) return [{ steps: ["url"], value: url as unknown }];
    return value === undefined ? [] : [{ steps: each.id.slice(id.length + 1).split(".").filter((step) => step !== "").map((step) => step.split(":")[0] ?? ""), value: value[1] }];
  });
  const deciding = says.filter(({ steps }) => !steps.some((step) => step.endsWith("[x]")));
  if (deciding.length === 0) return;
  const own = items.flatMap((item, i) => (deciding.every(({ steps, value }) => holds(item, steps, value)) ? [i] : []));
  if (own.length === min) for (const index of own) yield { ...place, index };
}

function holds(node: unknown, [step, ...rest]: readonly string[], value: unknown): boolean {
  if (Array.isArray(node)) return node.some((each) => holds(each, step === undefined ? [] : [step, ...rest], value));
  if (step !== undefined) return node !== null && typeof node === "object" && holds((node as Json)[step], rest, value);
  if (Array.isArray(value)) return false;
  if (value === null || typeof value !== "object") return node === value;
  return node !== null && typeof node === "object" && Object.entries(value).every(([key, each]) => (Array.isArray(each) ? each.every((one) => holds((node as Json)[key], [], one)) : holds((node as Json)[key], [], each)));
}

export const corpora: readonly Corpus[] = [
  {
    name: `${folder}:removed`,
    cases: () => [...all().keys()],
    check: (name) => {
      const { file, holder, key, index, path } = all().get(name) as Removal;
      const resource = JSON.parse(bytesOf(folder, file).toString("utf8")) as Json;
      let at: unknown = resource;
      for (const step of holder) at = (at as Json)[step];
      const node = at as Json;
      if (index === undefined) {
        delete node[key];
        delete node[`_${key}`];
      } else (node[key] as unknown[]).splice(index, 1);
      const list = node[key];
      // A list from which the last has gone is left out, as FHIR wants it.
      if (Array.isArray(list) && list.length === 0) delete node[key];
      const found = validateFhir(JSON.stringify(resource)).filter(({ severity }) => severity === "error");
      return found.some((each) => each.path === path) ? { ok: true } : { ok: false, differs: `missed at ${path}; found ${found.map((each) => `${each.code} ${each.path}`).slice(0, 4).join("; ")}` };
    },
  },
];
