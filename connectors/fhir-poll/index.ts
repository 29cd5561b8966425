import { defineConnector, durationMs, type OptionProblem } from "../../engine/sdk/index.ts";
import { sourceOptions, type SourceOptions } from "./options.ts";
import { fhirPollSource } from "./source.ts";

export default defineConnector({
  name: "fhir-poll",
  summary: "What has changed at a FHIR server: searches, rest-hook notifications, bulk exports",
  standard: "HL7 FHIR R4",
  stability: "beta",
  source: { options: sourceOptions, formats: ["fhir"], asks: () => true, schemes: ["http", "https"], verify: problems, create: fhirPollSource },
});

function problems({ every, since }: SourceOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  if (durationMs(every) < 1000) found.push({ path: ["every"], message: "a server that is asked without a pause answers nobody else", help: "write 1s or more" });
  if (since !== undefined && !Number.isFinite(Date.parse(since))) found.push({ path: ["since"], message: "this is no instant", help: "write 2026-01-01T00:00:00Z" });
  return found;
}
