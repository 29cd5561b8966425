import { defineConnector } from "../../engine/sdk/index.ts";
import { sourceOptions } from "./options.ts";
import { scimSource } from "./source.ts";

export default defineConnector({
  name: "scim",
  summary: "Provisioning of users by an identity provider, as messages",
  standard: "SCIM 2.0",
  stability: "beta",
  source: { options: sourceOptions, formats: ["json"], create: scimSource },
});
