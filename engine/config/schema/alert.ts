import { duration, Type } from "../../sdk/index.ts";
import { namePattern, text } from "./words.ts";

/** `alert:` of a destination. */
export const alert = Type.Object(
  {
    when: Type.Enum(["critical"], { description: "critical: results that are critical by OBX-8 or Observation.interpretation, by the site's limits, or in doubt", examples: ["critical"] }),
    owner: text("Who answers for it until somebody has acknowledged", "lab-desk"),
    list: Type.Optional(Type.String({ description: "Work list on which it stands until then; default: critical-results", pattern: namePattern, examples: ["critical-results"] })),
    acknowledge: Type.Object(
      {
        within: duration("Time for a person to acknowledge; then the next is told", "5m"),
        escalate: Type.Optional(Type.Array(text("Endpoint of the same partner", "charge-nurse"), { description: "Whom to tell next, in this order; without it the same endpoint is told again", default: [], examples: [["charge-nurse", "on-call"]] })),
        answer: Type.Optional(text("Path in the partner's answer that names who has acknowledged, where it says so at once", "acknowledgedBy")),
      },
      { additionalProperties: false, description: "When somebody must have acknowledged, and whom to tell else", examples: [{ within: "5m", escalate: ["charge-nurse"] }] },
    ),
    flags: Type.Optional(Type.Array(text("Flag of table 0078", "POS"), { description: "Flags that are critical here beside HH, LL, AA, HU, LU, < and >", default: [], examples: [["POS"]] })),
    ranges: Type.Optional(text("Lookup table of critical limits by code, or code and unit: \"2823-3|mmol/L\": 2.5..6.0", "critical-ranges")),
  },
  {
    additionalProperties: false,
    description: "Takes critical results alone, tells somebody at once, and goes on telling until a person has acknowledged",
    examples: [{ when: "critical", owner: "lab-desk", acknowledge: { within: "5m", escalate: ["charge-nurse"] } }],
  },
);

/** `acknowledges:` of a channel. */
export const acknowledges = Type.Object(
  {
    alert: text("Path of the alert's id, as meta.id was when it was sent", "alert"),
    by: text("Path of the name of who has seen it", "by"),
  },
  { additionalProperties: false, description: "Messages of this channel say that somebody has seen an alert", examples: [{ alert: "alert", by: "by" }] },
);
