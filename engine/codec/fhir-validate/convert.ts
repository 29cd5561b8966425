import { EngineError } from "../../sdk/error.ts";
import { readFhirXml, Report, writeFhirXml, writeNodes } from "../fhir/index.ts";
import { JsonTree, parseJson } from "../json/tree.ts";
import { definitions } from "./tables.ts";

/**
 * A FHIR R4 resource in XML as JSON, on one line. Values, ids, extensions, numbers to their last digit and the markup of narratives are kept; comments and layout of
 * the XML, which JSON cannot have, are not. Throws `XML-0nn`, `FHR-001` for other XML, and the code of the first thing that stands in it and in no FHIR.
 */
export function fhirFromXml(text: string): string {
  const report = new Report(text);
  const root = readFhirXml(text, definitions(), report);
  const [first] = report.problems().filter(({ severity }) => severity === "error");
  if (first !== undefined) throw new EngineError(first.code, { line: first.line, path: first.path });
  return writeNodes(root);
}

/** A FHIR R4 resource in JSON as XML, its elements in the order of the standard. Throws `FHR-1nn` for what FHIR XML has no place for. */
export function fhirToXml(source: JsonTree | string): string {
  const tree = source instanceof JsonTree ? source : parseJson(source, "fhir");
  return writeFhirXml(tree.root, definitions());
}
