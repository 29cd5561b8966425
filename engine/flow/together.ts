import { decode, encode } from "../codec/bytes/index.ts";
import { joined } from "../codec/split/index.ts";
import type { CsvSpec } from "../config/project.ts";
import { codeOf, type Content, EngineError } from "../sdk/index.ts";

/** What several messages have in common when they go as one. */
export interface TogetherOptions {
  /** The batch's own id, the same whenever it goes again. */
  readonly id: string;
  /** When the first one was received, ms since epoch; absent: the partner is not told. */
  readonly at?: number;
  readonly csv?: CsvSpec;
}

/** A message and the characters it is written in. JSON and FHIR are always UTF-8, and HL7 v2 says its own. */
export interface Member {
  readonly content: Content;
  readonly charset: string;
}

/**
 * Several messages as one: HL7 v2 in FHS and BHS, delimited text with its header once, JSON as a list, X12 in one interchange. The messages themselves are not changed by a byte.
 * Throws FLW-209 for those that cannot stand in one (other formats, columns, characters or parties).
 */
export function together(members: readonly Member[], { id, at, csv }: TogetherOptions): Content {
  const given = members[0]?.content.format ?? "text";
  const format = given === "fhir" ? "json" : given;
  const charset = charsetOf(members[0], format);
  if (members.some((member) => member.content.format !== given || charsetOf(member, format) !== charset)) throw new EngineError("FLW-209", { format });
  const texts = members.map(({ content: { bytes } }) => (format === "hl7v2" ? Buffer.from(bytes).toString("latin1") : decode(bytes, { format, charset }).text));
  try {
    return { format, bytes: encode(joined(format, texts, { header: { controlId: id, ...(at !== undefined && { now: at }) }, ...(csv && { csv }) }), charset) };
  } catch (error) {
    const code = codeOf(error, "FLW-204");
    throw code === "CSV-105" || code === "BAT-001" || code === "BAT-002" ? new EngineError("FLW-209", { format }) : error;
  }
}

function charsetOf(member: Member | undefined, format: Content["format"]): string {
  // HL7 v2 stands in its batch byte by byte, each message in its own characters; what frames them is ASCII.
  if (format === "hl7v2") return "iso-8859-1";
  return format === "json" || member === undefined ? "utf-8" : member.charset;
}
