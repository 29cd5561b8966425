import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { bytesOf, type Corpus, filesIn, type Verdict } from "../corpus.ts";
import { explained } from "../verdicts/fhir.ts";

/** The library that evaluates invariants, held to the cases of its own project. Those that need a file that is not among them are left out. */
const folder = "fhir/fhirpath-js-cases";

interface Case {
  readonly expression: string | readonly string[];
  readonly result?: unknown;
  readonly error?: boolean;
  readonly model?: string;
  readonly subject: unknown;
  readonly variables?: Record<string, unknown>;
  /** A path to what `%context` is. */
  readonly context?: string;
  readonly preciseMath?: boolean;
  readonly options?: Record<string, unknown>;
}

let known: ReadonlyMap<string, Case> | undefined;

function all(): ReadonlyMap<string, Case> {
  known ??= new Map(filesIn(folder, /\.yaml$/).flatMap((file) => {
    // A title that goes on in the next line without being indented is no YAML.
    const text = bytesOf(folder, file).toString("utf8").replace(/^(\s*- desc: '[^'\n]*)\n/gm, "$1 ");
    const { tests, subject } = parse(text, { maxAliasCount: -1, strict: false, uniqueKeys: false }) as { tests: unknown; subject?: unknown };
    return [...casesIn(tests, subject)].map((each, i) => [`${file}#${i}`, each] as const);
  }));
  return known;
}

/** Cases stand in groups of any depth. */
function* casesIn(part: unknown, subject: unknown): Generator<Case> {
  if (Array.isArray(part)) for (const each of part) yield* casesIn(each, subject);
  else if (part !== null && typeof part === "object") {
    const each = part as Record<string, unknown>;
    if ("expression" in each) {
      if (each["disable"] !== true && !("inputfile" in each)) yield { subject, ...each } as unknown as Case;
    } else for (const inner of Object.values(each)) yield* casesIn(inner, subject);
  }
}

function checked({ expression, result, error = false, model, subject, context, variables, preciseMath, options }: Case): Verdict {
  for (const one of typeof expression === "string" ? [expression] : expression) {
    let found: unknown;
    try {
      const whole: unknown = structuredClone(subject);
      found = fhirpath.evaluate(context === undefined ? whole : fhirpath.evaluate(whole, context), one, { resource: subject, ...variables }, model === "r4" ? r4 : undefined, { traceFn: () => undefined, ...(preciseMath === true && { preciseMath }), ...options } as never);
    } catch {
      found = "error";
    }
    const plain = found === "error" ? found : JSON.parse(JSON.stringify(fhirpath.resolveInternalTypes(found)));
    if (error ? found !== "error" : !isDeepStrictEqual(plain, JSON.parse(JSON.stringify(result ?? [])))) return { ok: false, differs: `${one} ${error ? "gave no error" : "gave another result"}` };
  }
  return { ok: true };
}

export const corpora: readonly Corpus[] = [
  {
    name: folder,
    cases: () => [...all()].filter(([, { model }]) => model === undefined || model === "r4").map(([name]) => name),
    check: (name) => {
      const verdict = checked(all().get(name) as Case);
      const why = explained[`${folder}/${name}`];
      return verdict.ok || why === undefined ? verdict : { ...verdict, explained: why.reason };
    },
  },
];
