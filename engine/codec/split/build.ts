import { EngineError } from "../../sdk/error.ts";
import { common } from "../hl7v2/delimiters.ts";
import { escapeText } from "../hl7v2/escape.ts";
import { hl7Timestamp } from "../ack/build.ts";

/** What FHS and BHS say of a batch. Names are configuration, never content. */
export interface BatchHeader {
  readonly sendingApplication?: string;
  readonly sendingFacility?: string;
  readonly receivingApplication?: string;
  readonly receivingFacility?: string;
  /** Milliseconds since 1970, for FHS-7 and BHS-7; absent: they stay empty. */
  readonly now?: number;
  /** FHS-11 and BHS-11. */
  readonly controlId: string;
}

/**
 * HL7 v2 messages as one batch in one file (chapter 2.10.3): FHS, BHS, the messages as they are, BTS and FTS with their counts. Each message
 * keeps its own delimiters. Throws `HL7-001` for a text that is no message.
 */
export function buildBatch(messages: readonly string[], header: BatchHeader): string {
  const { sendingApplication = "", sendingFacility = "", receivingApplication = "", receivingFacility = "" } = header;
  const parties = [sendingApplication, sendingFacility, receivingApplication, receivingFacility].map((each) => escapeText(each, common)).join("|");
  const head = `|^~\\&|${parties}|${header.now === undefined ? "" : hl7Timestamp(header.now)}||||${escapeText(header.controlId, common)}\r`;
  const body = messages.map((each) => {
    if (!each.startsWith("MSH")) throw new EngineError("HL7-001", { offset: 0 });
    return /[\r\n]$/.test(each) ? each : `${each}\r`;
  });
  return `FHS${head}BHS${head}${body.join("")}BTS|${messages.length}\rFTS|1\r`;
}
