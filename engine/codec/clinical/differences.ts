import { Hl7Message, parseHl7 } from "../hl7v2/index.ts";
import { JsonTree, parseJson } from "../json/index.ts";
import type { Tree } from "../tree.ts";
import { type ClinicalDifference, compareReports } from "./compare.ts";
import { reportOfFhir } from "./report-fhir.ts";
import { reportOfHl7 } from "./report-hl7.ts";
import type { Report } from "./report.ts";

/** Types of HL7 v2 messages that report results (chapter 7): ORU, OUL, and the answer to a query for them. */
const reporting = /^(?:ORU|OUL|ORF)(?:\^|$)/;

/** Whether a message reports results: ORU, OUL or ORF; an Observation or a DiagnosticReport, or a Bundle with one. */
export function isResultMessage(tree: Tree): boolean {
  if (tree instanceof Hl7Message) return reporting.test(tree.type);
  if (!(tree instanceof JsonTree)) return false;
  const { type } = tree;
  if (type !== "Bundle") return type === "Observation" || type === "DiagnosticReport";
  return tree.values("entry.resource.resourceType").some((each) => each === "Observation" || each === "DiagnosticReport");
}

/**
 * What was made of a message of results, held against it. `undefined`: what was made cannot be read as its format. Reads of HL7 v2 only the segments that
 * results stand in, and where these are the same line by line, the patient alone.
 */
export function clinicalDifferences(received: Tree, sent: { readonly format: string; readonly text: string }): readonly ClinicalDifference[] | undefined {
  let made: Hl7Message | JsonTree;
  try {
    made = sent.format === "hl7v2" ? parseHl7(sent.text) : parseJson(sent.text, "fhir");
  } catch {
    return undefined;
  }
  if (received instanceof Hl7Message && made instanceof Hl7Message && haveSameLines(received, made)) {
    return compareReports(reportOfHl7(received, "patients"), reportOfHl7(made, "patients"));
  }
  const [was, is] = [reportOf(received), reportOf(made)];
  return was && is ? compareReports(was, is) : undefined;
}

function reportOf(tree: Tree): Report | undefined {
  if (tree instanceof Hl7Message) return reportOfHl7(tree);
  return tree instanceof JsonTree ? reportOfFhir(tree) : undefined;
}

const lines = /^(?:ORC|OBR|OBX|NTE|SPM)/;

function haveSameLines(a: Hl7Message, b: Hl7Message): boolean {
  const marks = (each: Hl7Message) => Object.values(each.delimiters).join("");
  if (marks(a) !== marks(b)) return false;
  const [ours, theirs] = [a, b].map((each) => each.body.lines.filter(({ text }) => lines.test(text)));
  return ours !== undefined && theirs !== undefined && ours.length === theirs.length && ours.every(({ text }, i) => text === theirs[i]?.text);
}
