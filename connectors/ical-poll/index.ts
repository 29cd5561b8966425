import { defineConnector, durationMs, type OptionProblem, sizeBytes } from "../../engine/sdk/index.ts";
import { sourceOptions, type SourceOptions } from "./options.ts";
import { icalPollSource } from "./source.ts";

/** What the engine reads of an answer at most. */
const mostBytes = 10 * 1024 * 1024;

export default defineConnector({
  name: "ical-poll",
  summary: "Calendar feeds of others, fetched again and again: each event that changes is one message",
  standard: "iCalendar (RFC 5545)",
  stability: "beta",
  source: { options: sourceOptions, formats: ["ical"], asks: () => true, schemes: ["http", "https"], verify: problems, create: icalPollSource },
});

function problems({ every, largest }: SourceOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  if (durationMs(every) < 1000) found.push({ path: ["every"], message: "a server that is asked without a pause answers nobody else", help: "write 1s or more" });
  if (sizeBytes(largest) > mostBytes) found.push({ path: ["largest"], message: "an answer of more than 10mb is not read", help: "write 10mb or less" });
  return found;
}
