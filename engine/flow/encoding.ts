import { decode } from "../codec/bytes/index.ts";
import { hl7OfXml } from "../codec/hl7v2/xml/read.ts";
import { parseHl7 } from "../codec/index.ts";
import type { DestinationSpec, SourceSpec } from "../config/project.ts";
import type { StepResult } from "../sandbox/sandbox.ts";

/** The text of what a source took, with its character set: HL7 v2 that came in XML in the standard encoding, so that everything behind reads one. */
export function readText(bytes: Uint8Array, { format, charset, encoding }: Pick<SourceSpec, "format" | "charset" | "encoding">): { readonly text: string; readonly charset: string } {
  if (encoding !== "xml") return decode(bytes, { format, charset });
  return { text: hl7OfXml(decode(bytes, { format: "xml", charset }).text), charset: "utf-8" };
}

/** Writes a message of HL7 v2 as XML. */
export type XmlWriter = (text: string) => string;

/** Loaded by those alone who write XML: it needs the tables of structures. */
export async function xmlWriter(): Promise<XmlWriter> {
  const { xmlOfHl7 } = await import("../codec/hl7v2/xml/write.ts");
  return (text) => xmlOfHl7(parseHl7(text));
}

/** A destination of format `xml` that is given HL7 v2 gets it in XML. */
export async function encodedFor({ format, only }: DestinationSpec, result: Extract<StepResult, { kind: "output" }>): Promise<Extract<StepResult, { kind: "output" }>> {
  if (format !== "xml" || only || result.format !== "hl7v2") return result;
  return { ...result, format: "xml", text: (await xmlWriter())(result.text) };
}
