import { defineConnector, type Format } from "../../engine/sdk/index.ts";
import { httpDestination } from "./destination.ts";
import { destinationOptions, sourceOptions } from "./options.ts";
import { httpSource } from "./source.ts";

const formats: readonly Format[] = ["hl7v2", "json", "fhir", "text", "csv", "xml", "script", "ical", "x12"];

export default defineConnector({
  name: "http",
  summary: "Messages as bodies of HTTP requests, both ways",
  standard: "HTTP/1.1",
  stability: "beta",
  source: { options: sourceOptions, formats, create: httpSource },
  destination: {
    options: destinationOptions,
    formats,
    ordered: true,
    idempotent: "by-idempotency-key",
    inquires: true,
    schemes: ["http", "https"],
    create: httpDestination,
  },
});
