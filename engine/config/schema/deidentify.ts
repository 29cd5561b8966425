import { Type } from "../../sdk/index.ts";
import { code } from "./code.ts";
import { text } from "./words.ts";

export const deidentifyMethods = ["safe-harbor", "limited-data-set", "expert", "aggregate"] as const;

const aggregate = Type.Object(
  {
    every: Type.Enum(["day", "week", "month"], { description: "Period of one report", examples: ["month"] }),
    timezone: text("Zone in which periods begin, by its IANA name", "America/New_York"),
    minimum: Type.Optional(Type.Integer({ description: "Smallest count that is shown; counts of 1 to one less are suppressed", minimum: 11, default: 11, examples: [11] })),
  },
  { additionalProperties: false, description: "With method aggregate: the periods and the smallest cell", examples: [{ every: "month", timezone: "America/New_York" }] },
);

/** `deidentify:` of a destination: a method alone, or with what it needs. */
export const deidentify = Type.Union(
  [
    Type.Enum(["safe-harbor", "limited-data-set"], { description: "Method", examples: ["safe-harbor"] }),
    Type.Object(
      {
        method: Type.Enum([...deidentifyMethods], { description: "Method", examples: ["safe-harbor"] }),
        certificate: Type.Optional(text("With method expert: id of the agreement that holds the determination", "ED-2025-77")),
        dates: Type.Optional(Type.Enum(["year", "shift", "keep"], { description: "What stays of dates; default: year, with a limited data set keep", examples: ["shift"] })),
        ids: Type.Optional(Type.Enum(["remove", "surrogate", "pseudonym"], { description: "What stands in place of an id; default: surrogate", default: "surrogate", examples: ["surrogate"] })),
        transform: Type.Optional({ ...code, description: "Code that sees the de-identified message alone, as msg" }),
        aggregate: Type.Optional(aggregate),
      },
      { additionalProperties: false },
    ),
  ],
  { description: "The engine's own step that lowers the class, after the transforms", examples: ["safe-harbor", { method: "limited-data-set" }] },
);
