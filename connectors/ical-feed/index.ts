import { defineConnector, durationMs } from "../../engine/sdk/index.ts";
import { icalFeedDestination } from "./destination.ts";
import { destinationOptions } from "./options.ts";

export default defineConnector({
  name: "ical-feed",
  summary: "Busy times as calendar feeds that the engine serves, each under an address that nobody can guess",
  standard: "iCalendar (RFC 5545)",
  stability: "beta",
  destination: {
    options: destinationOptions,
    formats: ["json"],
    ordered: true,
    idempotent: "by-idempotency-key",
    schemes: ["feed"],
    serves: ({ secret, feeds, tls, summary, keep, refresh }) => ({ secret, feeds, summary, keepMs: durationMs(keep), refreshMs: durationMs(refresh), ...(tls && { tls }) }),
    closedTo: () => ({ feed: ["const", "enum", "coded"], item: ["surrogate"], start: ["integer"], minutes: ["integer"], busy: ["boolean", "const"] }),
    create: icalFeedDestination,
  },
});
