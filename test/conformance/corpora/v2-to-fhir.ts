import { existsSync } from "node:fs";
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
      if (process.env["MAP_DIFFERENCES"] !== undefined) for (const { side, triple } of differences) console.error(`${side}\t${file}\t${triple}`);
      return { ok: true, figures: { both, more, less, invalid: invalid.length, [`${type}_both`]: both, [`${type}_more`]: more, [`${type}_less`]: less } };
    },
    summary: (figures) => {
      const of = (prefix: string) => f1({ both: figures.get(`${prefix}both`) ?? 0, more: figures.get(`${prefix}more`) ?? 0, less: figures.get(`${prefix}less`) ?? 0 });
      const types = [...figures.keys()].flatMap((key) => /^([A-Za-z0-9]+)_both$/.exec(key)?.[1] ?? []);
      return { f1: of(""), ...Object.fromEntries(types.map((type) => [`${type}_f1`, of(`${type}_`)])) };
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
  { name: `${cdc}:published-map`, folder: cdc, cases: cdcCases, expected: (file) => file.replace(/\.hl7$/, ".fhir"), isPrivate: reportStream, options: {} },
  {
    name: `${microsoft}:published-map`,
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
