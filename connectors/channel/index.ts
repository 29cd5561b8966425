import { defineConnector, type Format } from "../../engine/sdk/index.ts";
import { channelDestination } from "./destination.ts";
import { destinationOptions, sourceOptions } from "./options.ts";
import { channelSource } from "./source.ts";

const formats: readonly Format[] = ["hl7v2", "json", "fhir", "text", "csv", "xml", "script", "ical", "x12"];

export default defineConnector({
  name: "channel",
  summary: "Hand-off to another channel of the same engine",
  standard: "none",
  stability: "beta",
  source: { options: sourceOptions, formats, origin: "engine", create: channelSource },
  destination: { options: destinationOptions, formats, ordered: true, idempotent: "by-idempotency-key", reaches: "channel", create: channelDestination },
});
