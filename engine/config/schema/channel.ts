import { Type, duration, type TSchema } from "../../sdk/index.ts";
import type { ConnectorCatalogue, ConnectorEntry } from "../project.ts";
import { closedList } from "./closed-list.ts";
import { limit } from "./partners.ts";
import { compartments, format, level, namePattern, text } from "./words.ts";

const code = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar" }),
    Type.Object({ file: text("Code file, relative to the project", "transforms/lab.ts") }, { additionalProperties: false }),
  ],
  { description: "JavaScript in a block scalar, or a file of JavaScript or TypeScript", examples: ["return msg;\n", { file: "transforms/lab.ts" }] },
);

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const filter = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar; a truthy result lets the message pass" }),
    Type.Object({ file: text("Code file, relative to the project", "filters/final.ts") }, { additionalProperties: false, title: "file" }),
    Type.Record(Type.String(), Type.Union([scalar, Type.Array(scalar, { minItems: 1 })], { title: "condition" }), { title: "conditions" }),
  ],
  {
    description: "Which messages pass: conditions by message path (present, absent, a value, or a list of values), or code",
    examples: [{ "OBR-25": "F" }],
  },
);

const retry = Type.Object(
  {
    attempts: Type.Optional(Type.Integer({ description: "Attempts in all before the message is dead; 0 = without end", minimum: 0, default: 0, examples: [8] })),
    initial: Type.Optional(duration("Pause after the first failure; it doubles each time", "1s")),
    max: Type.Optional(duration("Longest pause", "1m")),
    maxAge: Type.Optional(duration("Age at which the message is dead; 0s = without end", "0s")),
  },
  { additionalProperties: false, description: "How often to try again", default: {}, examples: [{ attempts: 8, initial: "2s", max: "5m" }] },
);

const expectation = Type.Union(
  [
    Type.Enum(["filtered"], { title: "word" }),
    Type.Object({ refused: Type.String({ description: "Code of the refusal", pattern: "^[A-Z0-9]+-\\d+$", examples: ["PHI-201"] }) }, { additionalProperties: false }),
    Type.Object({ sent: Type.Unknown({ description: "The whole content that is sent", examples: [{ amount: 4000 }] }) }, { additionalProperties: false }),
    Type.Object({ contains: Type.Record(Type.String(), Type.Unknown(), { description: "Values by path in what is sent", examples: [{ "MSH-5": "WARD" }] }) }, { additionalProperties: false }),
    Type.Object({ filtered: Type.Literal(true, { description: "The message does not pass" }) }, { additionalProperties: false }),
  ],
  { description: "What becomes of the message at a destination" },
);

const tests = Type.Array(
  Type.Object(
    {
      name: text("What the test shows", "a final result reaches the EHR"),
      given: Type.Object(
        {
          file: Type.Optional(text("Message file, relative to the project", "fixtures/oru-final.hl7")),
          text: Type.Optional(text("The message itself", "MSH|^~\\&|...")),
          set: Type.Optional(
            Type.Record(Type.String(), scalar, { description: "Values to set in the message first, by path", default: {}, examples: [{ "PID-5.1": "DOE" }] }),
          ),
        },
        { additionalProperties: false, description: "The message", examples: [{ file: "fixtures/oru-final.hl7" }] },
      ),
      expect: Type.Record(Type.String(), expectation, { description: "By destination, what must happen", examples: [{ ehr: "filtered" }] }),
    },
    { additionalProperties: false },
  ),
  { description: "Tests run by `sluice test` through the real flow, with deliveries captured", default: [], examples: [[]] },
);

const classification = Type.Union(
  [
    level("Level"),
    Type.Object(
      { level: level("Level"), compartments: Type.Optional(compartments("Compartments its messages may carry")) },
      { additionalProperties: false },
    ),
  ],
  { description: "The most sensitive data this channel may carry", examples: ["phi"] },
);

/** Keys of the engine beside the connector's own, in the order of the message. */
export const sourceKeys = {
  partner: text("Who sends, as named in partners.yaml", "northside-lab"),
  format: Type.Optional(format("Format of the messages; needed when the connector reads several")),
  types: Type.Optional(
    Type.Array(text("Message type", "ORU^R01"), { description: "Message types taken; default: all that the link allows", default: [], examples: [["ORU^R01"]] }),
  ),
  ack: Type.Optional(Type.Enum(["stored"], { description: "When the sender gets its answer", default: "stored", examples: ["stored"] })),
  charset: Type.Optional(Type.String({ description: "What bytes are when the message does not say", default: "utf-8", examples: ["utf-8"], minLength: 1 })),
  limit: Type.Optional(limit("How much this channel takes; not more than the link")),
};

export const destinationKeys = {
  partner: text("Who receives, as named in partners.yaml", "ehr"),
  sends: Type.Optional(level("Level of what is sent; default: the channel's. Lower needs a closed list under only")),
  purpose: Type.Optional(text("Purpose of use that the agreement must cover", "TREAT")),
  format: Type.Optional(format("Format of what is sent; default: the source's, json with a closed list")),
  filter: Type.Optional(filter),
  transform: Type.Optional(code),
  only: Type.Optional(closedList),
  retry: Type.Optional(retry),
};

/** A channel file, with the options of the connectors that are installed. */
export function channelSchema(connectors: ConnectorCatalogue): TSchema {
  return Type.Object(
    {
      channel: Type.String({ description: "Name of the channel", pattern: namePattern, examples: ["lab-results"] }),
      summary: Type.Optional(text("One line for people", "Lab results to the EHR")),
      classification,
      source: party("Where messages come from", sourceKeys, connectors, (entry) => entry.source?.schema),
      filter: Type.Optional(filter),
      transform: Type.Optional(code),
      destinations: Type.Record(
        Type.String({ pattern: namePattern }),
        party("One destination", destinationKeys, connectors, (entry) => entry.destination?.schema),
        { description: "Where messages go, by name", minProperties: 1, additionalProperties: false, examples: [{}] },
      ),
      lookups: Type.Optional(
        Type.Array(text("Lookup table", "units"), { description: "Tables of lookups/ that the code may read", default: [], examples: [["units"]] }),
      ),
      tests: Type.Optional(tests),
    },
    { additionalProperties: false, description: "One channel: a source, what becomes of its messages, and where they go" },
  );
}

function party(
  description: string,
  keys: Record<string, TSchema>,
  connectors: ConnectorCatalogue,
  schemaOf: (entry: ConnectorEntry) => Readonly<Record<string, unknown>> | undefined,
): TSchema {
  const options: Record<string, TSchema> = {};
  for (const name of connectors.names) {
    const entry = connectors.get(name);
    const schema = entry && schemaOf(entry);
    if (entry && schema) options[name] = Type.Optional(Type.Unsafe({ ...schema, description: entry.summary, examples: [{}] }));
  }
  return Type.Object(
    { ...keys, ...options },
    { additionalProperties: false, description, oneOf: Object.keys(options).map((name) => ({ required: [name] })), "x-connectors": true },
  );
}
