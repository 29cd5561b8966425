import { fileExtensions, type OutboundMessage } from "../../engine/sdk/index.ts";

/** What a name may be made of. `sequence` shows the partner how many messages the engine has taken; `id` shows nothing. */
export const placeholders = ["id", "sequence", "date", "time", "format"] as const;

/** The name of a message's file: the same at every repeat, so that a repeat is seen. Dates are UTC, of the message's acceptance. */
export function fileName(pattern: string, { id, sequence, receivedAt, content }: OutboundMessage): string {
  const [date = "", time = ""] = new Date(receivedAt).toISOString().replace(/[-:.Z]/g, "").split("T");
  const values = { id, sequence: String(sequence).padStart(12, "0"), date, time, format: fileExtensions[content.format] };
  return pattern.replace(/\{([a-z]+)\}/g, (_, name: keyof typeof values) => values[name]);
}
