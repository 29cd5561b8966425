import { defineConnector, type Format } from "../../engine/sdk/index.ts";
import { databaseDestination } from "./destination.ts";
import { destinationOptions, sourceOptions, verifyDestination, verifySource } from "./options.ts";
import { databaseSource } from "./source.ts";

const formats: readonly Format[] = ["json"];
const schemes = ["postgres", "mysql", "sqlite"];

export default defineConnector({
  name: "database",
  summary: "Rows of PostgreSQL, MariaDB or SQLite, both ways",
  standard: "SQL",
  stability: "beta",
  source: { options: sourceOptions, formats, asks: () => true, schemes, verify: verifySource, create: databaseSource },
  destination: {
    options: destinationOptions,
    formats,
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes,
    verify: verifyDestination,
    create: databaseDestination,
  },
});
