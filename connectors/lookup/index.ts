import { defineConnector } from "../../engine/sdk/index.ts";
import { lookupDestination } from "./destination.ts";
import { destinationOptions } from "./options.ts";

export default defineConnector({
  name: "lookup",
  summary: "Rows of the project's lookup tables, kept up to date by messages",
  standard: "none",
  stability: "beta",
  destination: {
    options: destinationOptions,
    formats: ["json"],
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes: ["lookup"],
    // A table is read by every channel and has no class: what may stand in it is bounded, field by field.
    closedTo: ({ key, value, while: condition }) => ({ [key]: ["copy"], [value]: ["enum", "coded", "integer", "boolean", "const"], ...(condition !== undefined && { [condition]: ["boolean"] }) }),
    create: lookupDestination,
  },
});
