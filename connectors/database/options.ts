import { duration, object, type OptionProblem, size, type Static, Type } from "../../engine/sdk/index.ts";
import { dialects, shapeOf } from "./statement.ts";

const dialect = Type.Enum([...dialects], { description: "Which database the endpoint is: postgres://, mysql:// (MariaDB) or sqlite:", examples: ["postgres"] });
const timeout = duration("Time for one exchange with the database", "30s");
const endpoint = (whose: string) => Type.Optional(Type.String({ description: `Endpoint of ${whose}; not needed when it has only one for databases`, examples: ["warehouse"] }));

export const sourceOptions = object({
  endpoint: endpoint("the source's partner"),
  dialect,
  query: Type.String({
    description: "Query for the rows behind the last one, with one parameter ($1, or ?) for the checkpoint; the connector orders and bounds it",
    minLength: 1,
    examples: ["select id, payload from outbox where id > $1"],
  }),
  checkpoint: Type.String({ description: "Column that says where the source stands: a number or a time that grows from row to row, and no two rows share", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", examples: ["id"] }),
  start: Type.String({ description: "Checkpoint before the first row", default: "0", pattern: "^[0-9T:. Z+-]+$", examples: ["2026-01-01"] }),
  rows: Type.Integer({ description: "Rows that are fetched at a time", minimum: 1, maximum: 1000, default: 100 }),
  poll: duration("How often the query is asked", "5s"),
  refused: Type.Enum(["wait", "skip"], {
    description: "What becomes of a row that the channel refuses or that is too large: nothing behind it is taken until somebody mends it, or it is told and passed over",
    default: "wait",
    examples: ["skip"],
  }),
  maxBytes: size("Largest row, as JSON", "1mb"),
  timeout,
});
export type SourceOptions = Static<typeof sourceOptions>;

export function verifySource({ query, dialect }: SourceOptions): readonly OptionProblem[] {
  const { parameters, statements } = shapeOf(query, dialect);
  if (statements !== 1) return [{ path: ["query"], message: `${statements} statements, where one query belongs` }];
  if (parameters !== 1) return [{ path: ["query"], message: `the query takes ${parameters} parameters, and the checkpoint is one`, help: `write where COLUMN > ${dialect === "postgres" ? "$1" : "?"}` }];
  return /^\s*(select|with)\b/i.test(query) ? [] : [{ path: ["query"], message: "a source reads: the query begins with select or with" }];
}

export const destinationOptions = object({
  endpoint: endpoint("the partner"),
  dialect,
  statement: Type.String({
    description: "Statement for each row, with a parameter ($1, $2, … or ?) for each value; nothing of a message ever becomes part of it",
    minLength: 1,
    examples: ["insert into visits (message_id, visit_year) values ($1, $2) on conflict (message_id) do nothing"],
  }),
  parameters: Type.Array(
    Type.String({ description: "Field of the message by its path, $id or $index", pattern: "^(\\$(id|index)|[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*\\??)$", examples: ["visit_year"] }),
    {
      description: "Values of the statement in their order: fields of the JSON message by path (with ? behind it: null where there is none), $id the engine's id of the message, $index the place in a list",
      minItems: 1,
      examples: [["$id", "visit_year", "zip3?"]],
    },
  ),
  repeats: Type.Enum(["recognised", "harmless"], {
    description: "How a message that comes twice is told: recognised by $id among the parameters, or harmless since the statement may run twice",
    default: "recognised",
    examples: ["harmless"],
  }),
  timeout,
});
export type DestinationOptions = Static<typeof destinationOptions>;

export function verifyDestination({ statement, dialect, parameters, repeats }: DestinationOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  const shape = shapeOf(statement, dialect);
  if (shape.statements !== 1) return [{ path: ["statement"], message: `${shape.statements} statements, where one belongs`, help: "each message is one transaction already" }];
  if (shape.parameters !== parameters.length) found.push({ path: ["parameters"], message: `the statement takes ${shape.parameters} values, and ${parameters.length} are named`, help: dialect === "postgres" ? "PostgreSQL counts them: $1, $2, …" : "each ? takes one" });
  if (/^\s*insert\s+(low_priority\s+|delayed\s+)?ignore\b/i.test(statement)) {
    found.push({ path: ["statement"], message: "insert ignore cuts values that do not fit and says nothing", help: "write insert … on duplicate key update COLUMN = COLUMN: a repeat changes nothing, and what does not fit is refused" });
  }
  if (repeats === "recognised" && !parameters.includes("$id")) {
    const help = 'give the table a column for $id with a unique index, and the statement "on conflict do nothing" (MariaDB: "on duplicate key update COLUMN = COLUMN");\nor say repeats: harmless where the statement may run twice';
    found.push({ path: ["parameters"], message: "a message that is sent again after a crash could not be recognised", help });
  }
  return found;
}
