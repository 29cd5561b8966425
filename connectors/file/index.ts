import { defineConnector, type Format } from "../../engine/sdk/index.ts";
import { fileDestination } from "./destination.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";
import { fileSource } from "./source.ts";

const formats: readonly Format[] = ["hl7v2", "json", "fhir", "text", "csv", "xml", "script", "ical", "x12"];

export default defineConnector({
  name: "file",
  summary: "Files of a folder, both ways",
  standard: "POSIX file system",
  stability: "beta",
  source: { options: sourceOptions, formats, verify: verifySource, create: fileSource },
  destination: {
    options: destinationOptions,
    formats,
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes: ["file"],
    verify: verifyDestination,
    create: fileDestination,
  },
});
