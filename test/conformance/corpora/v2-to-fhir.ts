import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Hl7Message, parseHl7, readJson } from "../../../engine/codec/index.ts";
import { validateFhir } from "../../../engine/codec/fhir-validate/validate.ts";
import { type MapOptions, Mapper } from "../../../engine/codec/v2-to-fhir/index.ts";
import { readMapTables } from "../../../engine/sandbox/map-tables.ts";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { f1, score } from "../fhir-score.ts";

type Json = Readonly<Record<string, unknown>>;

const maker: { mapper?: Mapper } = {};

/** A message through the map, as plain JSON: numbers compare by their values. */
function mapped(message: Hl7Message, options: MapOptions): Json {
  maker.mapper ??= new Mapper(readMapTables(), "conformance");
  const { bundle } = maker.mapper.map(message, options);
  return JSON.parse(JSON.stringify(bundle, (_, value: unknown) => (value !== null && typeof value === "object" && value.constructor.name === "ExactNumber" ? Number(String(value)) : value))) as Json;
}

interface Rule {
  readonly class: "theirs" | "validity" | "choice";
  readonly side?: "more" | "less";
  readonly path?: string;
  readonly value?: string;
}

const rules = (JSON.parse(readFileSync(join(import.meta.dirname, "../verdicts/v2-to-fhir.json"), "utf8")) as { readonly rules: readonly Rule[] }).rules.map(({ path, value, ...rule }) => ({ ...rule, path: new RegExp(path ?? ""), value: new RegExp(value ?? "") }));

/** Why a value stands on one side alone, by `verdicts/v2-to-fhir.json`. */
function classOf(side: "more" | "less", triple: string): string {
  const [path = "", ...rest] = triple.split(" = ");
  return rules.find((rule) => (rule.side ?? side) === side && rule.path.test(path) && rule.value.test(rest.join(" = ")))?.class ?? "unclassed";
}

interface Pairs {
  readonly name: string;
  readonly folder: string;
  readonly cases: () => readonly string[];
  readonly expected: (name: string) => string;
  readonly isPrivate: (url: string) => boolean;
  readonly options: MapOptions;
}

function pairs({ name, folder, cases, expected, isPrivate, options }: Pairs): Corpus {
  return {
    name,
    cases,
    check: (file): Verdict => {
      const message = parseHl7(bytesOf(folder, file).toString("utf8").replaceAll(/\r\n?|\n/g, "\r"));
      const [type = "other"] = message.type.split("^");
      if (unmapped.has(type)) return { ok: false, explained: "HL7 publishes no map of this message, so it is refused (MAP-001)", differs: type };
      const wanted = readJson(bytesOf(folder, expected(file)).toString("utf8")) as Json;
      const got = mapped(message, options);
      const invalid = validateFhir(JSON.stringify(got)).filter(({ severity }) => severity === "error");
      if (process.env["MAP_DIFFERENCES"] !== undefined) for (const { code, path } of invalid) console.error(`invalid\t${file}\t${code} ${path}`);
      const { both, more, less, differences } = score(got, wanted, isPrivate);
      const classes: Record<string, number> = { theirs: 0, validity: 0, choice: 0, unclassed: 0 };
      for (const { side, triple } of differences) {
        const kind = classOf(side, triple);
        classes[kind] = (classes[kind] ?? 0) + 1;
        if (process.env["MAP_DIFFERENCES"] !== undefined) console.error(`${side}\t${file}\t${triple}\t${kind}`);
      }
      // A difference that nobody has looked at is wrong until somebody has.
      const unseen = classes["unclassed"] ?? 0;
      return { ok: unseen === 0, ...(unseen === 0 ? {} : { differs: `${unseen} unclassed` }), figures: { both, more, less, ...classes, invalid: invalid.length, [`${type}_both`]: both, [`${type}_more`]: more, [`${type}_less`]: less } };
    },
    summary: (figures) => {
      const of = (prefix: string) => f1({ both: figures.get(`${prefix}both`) ?? 0, more: figures.get(`${prefix}more`) ?? 0, less: figures.get(`${prefix}less`) ?? 0 });
      const types = [...figures.keys()].flatMap((key) => /^([A-Za-z0-9]+)_both$/.exec(key)?.[1] ?? []);
      // What is left when no difference counts that breaks R4 or HL7's map on their side, or that R4 asks for on ours.
      const settled = f1({ both: figures.get("both") ?? 0, more: (figures.get("choice") ?? 0) + (figures.get("unclassed") ?? 0), less: 0 });
      return { options, f1: of(""), f1_of_choices: settled, ...Object.fromEntries(types.map((type) => [`${type}_f1`, of(`${type}_`)])) };
    },
  };
}

/** Types of message without a map of HL7's, or of ours (docs/guide/mapping.md). */
const unmapped = new Set(["BAR", "OUL", "REF"]);

const cdc = "hl7v2/cdc-reportstream-mapping";
const microsoft = "hl7v2/microsoft-fhir-converter";
const reportStream = (url: string) => url.includes("reportstream.cdc.gov");
/** Every message with an expectation beside it. */
const cdcCases = () => {
  const files = filesIn(cdc);
  return files.filter((file) => file.endsWith(".hl7") && files.includes(file.replace(/\.hl7$/, ".fhir")));
};

const folders: readonly Pairs[] = [
  { name: `${cdc}:default`, folder: cdc, cases: cdcCases, expected: (file) => file.replace(/\.hl7$/, ".fhir"), isPrivate: reportStream, options: {} },
  { name: `${cdc}:requests-ordered`, folder: cdc, cases: cdcCases, expected: (file) => file.replace(/\.hl7$/, ".fhir"), isPrivate: reportStream, options: { requests: "ordered" } },
  { name: `${cdc}:like-reportstream`, folder: cdc, cases: cdcCases, expected: (file) => file.replace(/\.hl7$/, ".fhir"), isPrivate: reportStream, options: { like: "reportstream" } },
  {
    name: `${microsoft}:default`,
    folder: microsoft,
    cases: () => filesIn(`${microsoft}/input`).map((file) => `input/${file}`).filter((file) => existsSync(join(import.meta.dirname, "../../../../shared/corpora", microsoft, expectedOf(file)))),
    expected: expectedOf,
    isPrivate: () => false,
    options: {},
  },
];

export const corpora: readonly Corpus[] = folders.map(pairs);

function expectedOf(file: string): string {
  return `expected/${file.replace(/^input\//, "").replace(/\.hl7$/, "")}-expected.json`;
}
