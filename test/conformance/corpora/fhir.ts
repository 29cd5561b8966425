import { fhirFromXml, fhirToXml, validateFhir, validateFhirLines } from "../../../engine/codec/fhir-validate/index.ts";
import type { Problem } from "../../../engine/codec/problem.ts";
import { codeOf, EngineError } from "../../../engine/sdk/error.ts";
import { bytesOf, type Corpus, filesIn } from "../corpus.ts";
import { roundTripped } from "../round-trips.ts";
import { explained } from "../verdicts/fhir.ts";

const textOf = (folder: string, file: string) => bytesOf(folder, file).toString("utf8");
const errorsOf = (problems: readonly Problem[]) => problems.filter(({ severity }) => severity === "error");
const told = (problems: readonly Problem[]) => problems.slice(0, 6).map(({ code, path, rule }) => `${code} ${path}${rule === undefined ? "" : ` ${rule}`}`).join("; ");

/** Files that are valid by their source: against `meta.profile`, the type alone where there is none. */
function valid(folder: string): Corpus {
  return {
    name: `${folder}:valid`,
    cases: () => filesIn(folder),
    check: (name) => {
      const errors = errorsOf(validateFhir(textOf(folder, name)));
      const why = explained[`${folder}/${name}`];
      return errors.length === 0 ? { ok: true } : { ok: false, differs: told(errors), ...(why?.covers(errors) === true && { explained: why.reason }) };
    },
  };
}

/** JSON and XML byte for byte through their codecs. */
function bytes(folder: string): Corpus {
  return {
    name: `${folder}:roundtrip`,
    cases: () => filesIn(folder, /\.(?:json|xml)$/).filter((name) => isReadable(textOf(folder, name), name)),
    check: (name) => roundTripped(bytesOf(folder, name), name.endsWith(".xml") ? "xml" : "fhir"),
  };
}

/** Of the validator's cases, those that are JSON or well-formed XML; the others have their own verdict there. `&reg;` makes XML that is not. */
function isReadable(text: string, name: string): boolean {
  if (name.endsWith(".xml")) return !/&(?!(?:amp|lt|gt|quot|apos|#\w+);)/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON to XML and back, or XML to JSON and back: the same resource. */
function converted(folder: string): Corpus {
  return {
    name: `${folder}:converted`,
    cases: () => filesIn(folder, /\.(?:json|xml)$/),
    check: (name) => {
      const text = textOf(folder, name);
      const first = name.endsWith(".xml") ? fhirFromXml(text) : text;
      const again = fhirFromXml(fhirToXml(first));
      const same = canonical(JSON.parse(again, keepDigits)) === canonical(JSON.parse(first, keepDigits));
      return same ? { ok: true } : { ok: false, differs: "not the same resource" };
    },
  };
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? `number ${context?.source}` : value;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return typeof value === "string" ? JSON.stringify(value.replace(/\r\n?/g, "\n")) : JSON.stringify(value);
  return `{${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

interface Case {
  readonly name: string;
  readonly module: string;
  readonly file: string;
  readonly outcome: string;
  readonly errors: number;
}
const cases = "fhir/fhir-validator-cases";
const index = () => JSON.parse(textOf(cases, "index.json")) as readonly Case[];

/** The FHIR validator's own cases: accepted or rejected as it does. Figures: of the places of its errors, how many are ours too. */
function validator(name: string, isOf: (each: Case) => boolean): Corpus {
  return {
    name: `${cases}${name}`,
    cases: () => index().filter(isOf).map((each) => each.name),
    check: (which) => {
      const each = index().find((one) => one.name === which) as Case;
      const ours = verdictOf(each);
      const theirs = placesOf(each);
      // The other names the element around one that is missing or too many; here it is the element itself.
      const places = new Set(ours.flatMap(({ code, path }) => (/^FHR-1(?:02|03|07|13)$/.test(code) ? [path, path.replace(/\.[^.]+$/, "").replace(/\.value$/, "")] : [path])));
      const figures = { places: theirs.length, same_places: theirs.filter((place) => places.has(place)).length };
      const why = explained[`${cases}/${which}`];
      const differs = `theirs ${each.errors} errors, ours ${ours.length}: ${told(ours)}`;
      const isSame = ours.length > 0 === each.errors > 0;
      return { ok: isSame, figures, ...(!isSame && { differs, ...(why !== undefined && { explained: why.reason }) }) };
    },
  };
}

function verdictOf({ file }: Case): readonly Problem[] {
  const text = textOf(cases, file);
  try {
    return errorsOf(file.endsWith(".ndjson") ? validateFhirLines(text, { extensions: "refuse" }) : validateFhir(text, { extensions: "refuse" }));
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return [{ code: codeOf(error, "FHR-001"), path: "", line: 0, severity: "error" }];
  }
}

/** Where the other validator has its errors, without the comments in its paths. */
function placesOf({ outcome }: Case): readonly string[] {
  const { issue = [] } = JSON.parse(textOf(cases, outcome)) as { issue?: readonly { severity: string; expression?: readonly string[] }[] };
  const all = issue.filter(({ severity }) => severity === "error").flatMap(({ expression = [] }) => expression.slice(0, 1));
  return [...new Set(all.map((each) => each.replace(/\/\*.*?\*\/(?=\.|$)/g, "").replace(/\[url='[^']*'\]$/, "").replace(/\.$/, "")))];
}

export const corpora: readonly Corpus[] = [
  ...["fhir/us-core-6.1.0-examples", "fhir/fhir-r4-examples", "fhir/synthea-bundles"].flatMap((folder) => [valid(folder), bytes(folder), converted(folder)]),
  bytes(cases),
  validator("", ({ module }) => module !== "tx"),
  validator(":tx", ({ module }) => module === "tx"),
];
