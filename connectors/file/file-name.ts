import type { Format, OutboundMessage } from "../../engine/sdk/index.ts";

/** What a name may be made of. `sequence` shows the partner how many messages the engine has taken; `id` shows nothing. */
export const placeholders = ["id", "sequence", "date", "time", "format"] as const;

const extensions: Readonly<Record<Format, string>> = {
  hl7v2: "hl7",
  json: "json",
  fhir: "json",
  text: "txt",
  csv: "csv",
  xml: "xml",
  x12: "x12",
  script: "xml",
  ical: "ics",
};

/** The name of a message's file: the same at every repeat, so that a repeat is seen. Dates are UTC, of the message's acceptance. */
export function fileName(pattern: string, { id, sequence, receivedAt, content }: OutboundMessage): string {
  const [date = "", time = ""] = new Date(receivedAt).toISOString().replace(/[-:.Z]/g, "").split("T");
  const values = { id, sequence: String(sequence).padStart(12, "0"), date, time, format: extensions[content.format] };
  return pattern.replace(/\{([a-z]+)\}/g, (_, name: keyof typeof values) => values[name]);
}
