import type { OptionProblem, OutboundMessage } from "../connector.ts";
import { fileExtensions } from "../content.ts";

/** What a name may be made of. `sequence` shows the partner how many messages the engine has taken; `id` shows nothing. */
export const fileNamePlaceholders = ["id", "sequence", "date", "time", "format"] as const;

/** The name of a message's file: the same at every repeat, so that a repeat is seen. Dates are UTC, of the message's acceptance. */
export function fileName(pattern: string, { id, sequence, receivedAt, content }: OutboundMessage): string {
  const [date = "", time = ""] = new Date(receivedAt).toISOString().replace(/[-:.Z]/g, "").split("T");
  const values = { id, sequence: String(sequence).padStart(12, "0"), date, time, format: fileExtensions[content.format] };
  return pattern.replace(/\{([a-z]+)\}/g, (_, name: keyof typeof values) => values[name]);
}

const placeholder = `\\{(${fileNamePlaceholders.join("|")})\\}`;

/** What the option of such a name may be: one plain name. */
export const fileNamePattern = `^([A-Za-z0-9_-][A-Za-z0-9._-]*|${placeholder})([A-Za-z0-9._-]|${placeholder})*$`;

/** A name without what is each message's own is refused. */
export function verifyFileName(pattern: string): readonly OptionProblem[] {
  if (/\{(id|sequence)\}/.test(pattern)) return [];
  return [{ path: ["name"], message: "two messages could get the same name", help: "put {id} or {sequence} into the name" }];
}
