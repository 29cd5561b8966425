import { Type, type TSchema } from "../../sdk/index.ts";
import type { ConnectorCatalogue, ConnectorEntry } from "../project.ts";
import { acknowledges } from "./alert.ts";
import { caseSchema } from "./case.ts";
import { code, filter } from "./code.ts";
import { destinationKeys } from "./destination.ts";
import { keeping } from "./keeping.ts";
import { sourceKeys } from "./source.ts";
import { tests } from "./tests.ts";
import { compartments, level, namePattern, purpose, text } from "./words.ts";

const classification = Type.Union(
  [
    level("Level"),
    Type.Object(
      {
        level: level("Level"),
        compartments: Type.Optional(compartments("Compartments its messages may carry")),
        purposes: Type.Optional(
          Type.Array(purpose("Purpose of use"), { description: "Purposes for which its messages may be used; default: those of the partner's ceiling", minItems: 1, examples: [["TREAT"]] }),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  { description: "The most sensitive data this channel may carry", examples: ["phi"] },
);

const order = Type.Object(
  {
    by: text("Path in the raw message whose value is the key, read by the engine", "PID-3.1"),
    parallel: Type.Optional(Type.Integer({ description: "Keys in flight at once", minimum: 1, maximum: 256, default: 8, examples: [8] })),
  },
  {
    additionalProperties: false,
    description: "Messages keep their order within a key alone, so that one patient does not wait for another; default: one order for all",
    examples: [{ by: "PID-3.1" }],
  },
);

/** A channel file, with the options of the connectors that are installed. */
export function channelSchema(connectors: ConnectorCatalogue): TSchema {
  return Type.Object(
    {
      channel: Type.String({ description: "Name of the channel", pattern: namePattern, examples: ["lab-results"] }),
      summary: Type.Optional(text("One line for people", "Lab results to the EHR")),
      classification,
      source: party("Where messages come from", sourceKeys, connectors, (entry) => entry.source?.schema),
      order: Type.Optional(order),
      case: Type.Optional(caseSchema),
      acknowledges: Type.Optional(acknowledges),
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
      keep: Type.Optional(keeping("How long what is kept of this channel; a clock that is not stated is the project's")),
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
