import { defineConnector, type Format } from "../../engine/sdk/index.ts";
import { sftpDestination } from "./destination.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";
import { sftpSource } from "./source.ts";

const formats: readonly Format[] = ["hl7v2", "json", "fhir", "text", "csv", "xml", "script", "ical", "x12"];

export default defineConnector({
  name: "sftp",
  summary: "Files of a folder on an SSH server, both ways",
  standard: "SFTP version 3 over SSH 2",
  stability: "beta",
  source: { options: sourceOptions, formats, asks: () => true, schemes: ["sftp"], verify: verifySource, create: sftpSource },
  destination: {
    options: destinationOptions,
    formats,
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes: ["sftp"],
    verify: verifyDestination,
    create: sftpDestination,
  },
});
