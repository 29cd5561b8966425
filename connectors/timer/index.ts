import { defineConnector } from "../../engine/sdk/index.ts";
import { sourceOptions, verifySource } from "./options.ts";
import { timerSource } from "./source.ts";

export default defineConnector({
  name: "timer",
  summary: "A message at set times",
  standard: "cron",
  stability: "beta",
  source: { options: sourceOptions, formats: ["json", "text", "hl7v2", "fhir", "csv", "xml", "script", "ical", "x12"], origin: "engine", verify: verifySource, create: timerSource },
});
