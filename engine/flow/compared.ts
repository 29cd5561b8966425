import { type ClinicalDifference, clinicalDifferences, isResultMessage } from "../codec/clinical/index.ts";
import type { Channel, DestinationSpec } from "../config/project.ts";
import type { Prepared } from "../queue/lane.ts";
import { type Code, codeOf } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import type { FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/** What a transform gave. */
interface Output {
  readonly format: string;
  readonly text: string;
}

/** It goes on, with what the exceptions let go; or it is held. */
export type Compared = { readonly kind: "same"; readonly log: readonly string[] } | { readonly kind: "held"; readonly prepared: Prepared };

/**
 * The clinical comparison (security-reliability CS-2): a transform cannot drop or alter a result unseen. It asks only where the message reports results, was
 * touched, and goes out as HL7 v2 or FHIR whole: a closed list and a de-identification are there to leave out, and an alert says that there is a result.
 */
export async function compared(entry: Claimed, work: Work, output: Output, { name, case: about }: Channel, spec: DestinationSpec, ports: FlowPorts): Promise<Compared> {
  if (!isComparable(spec, work, output) || !isResultMessage(work.tree())) return { kind: "same", log: [] };
  const found: readonly ClinicalDifference[] = clinicalDifferences(work.tree(), output) ?? [{ code: "CLN-114", path: output.format, tests: [] }];
  if (found.length === 0) return { kind: "same", log: [] };
  const { exceptions = [], list = "clinical-differences", owner = about?.owner ?? "operator" } = spec.clinical ?? {};
  const excused = new Map<string, number>();
  const left = found.filter(({ code, tests }) => {
    const exception = exceptions.find((each) => each.allows.includes(code) && (each.tests.length === 0 || tests.some((test) => each.tests.includes(test))));
    if (exception) excused.set(`${code} ${exception.name}`, (excused.get(`${code} ${exception.name}`) ?? 0) + 1);
    return exception === undefined;
  });
  const [first] = left;
  if (first === undefined) return { kind: "same", log: [...excused].map(([what, count]) => `${what} ${count}`) };
  try {
    await ports.cases?.raise({ code: first.code, list, owner, channel: name, message: entry.id, at: ports.clock.now() });
  } catch (error) {
    // Held without being on a list, it would be nobody's.
    return { kind: "held", prepared: { kind: "retry", code: codeOf(error, "CAS-201") } };
  }
  return { kind: "held", prepared: { kind: "held", code: first.code, reason: `${spoken(left)}: ${list}, ${owner}` } };
}

const wholes: ReadonlySet<string> = new Set(["hl7v2", "fhir"]);

function isComparable({ only, deidentify, alert }: DestinationSpec, { raw, text }: Work, output: Output): boolean {
  return !only && !deidentify && !alert && wholes.has(output.format) && wholes.has(raw.format) && output.text !== text;
}

/** Codes and places for whoever looks at it, the first few. */
function spoken(found: readonly { readonly code: Code; readonly path: string }[]): string {
  const places = found.slice(0, 5).map(({ code, path }) => `${code} ${path}`).join(", ");
  return found.length > 5 ? `${places} and ${found.length - 5} more` : places;
}
