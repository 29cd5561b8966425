import { defineConnector } from "../../engine/sdk/index.ts";
import { smtpDestination } from "./destination.ts";
import { formats } from "./media-types.ts";
import { destinationOptions } from "./options.ts";

export default defineConnector({
  name: "smtp",
  summary: "Messages as bodies of mails with constant subjects and recipients",
  standard: "SMTP",
  stability: "beta",
  destination: { options: destinationOptions, formats, ordered: true, idempotent: "no", schemes: ["smtp", "smtps"], create: smtpDestination },
});
