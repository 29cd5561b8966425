import { defineConnector } from "../../engine/sdk/index.ts";
import { mllpDestination } from "./destination.ts";
import { destinationOptions, sourceOptions } from "./options.ts";
import { mllpSource } from "./source.ts";

export default defineConnector({
  name: "mllp",
  summary: "HL7 v2 over MLLP, both ways",
  standard: "HL7 v2 / MLLP release 1",
  stability: "beta",
  source: { options: sourceOptions, formats: ["hl7v2"], create: mllpSource },
  destination: {
    options: destinationOptions,
    formats: ["hl7v2"],
    ordered: true,
    idempotent: "by-control-id",
    schemes: ["mllp", "mllps"],
    create: mllpDestination,
  },
});
