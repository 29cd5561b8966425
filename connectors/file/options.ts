import { duration, object, type OptionProblem, size, type Static, Type } from "../../engine/sdk/index.ts";
import { placeholders } from "./file-name.ts";

const folder = (description: string, example: string) => Type.String({ description, minLength: 1, examples: [example] });

export const sourceOptions = object({
  directory: folder("Folder to take files from, relative to the project or absolute", "/srv/lab/in"),
  pattern: Type.String({ description: "Names of the files to take: * stands for any characters, ? for one", default: "*", minLength: 1, examples: ["*.hl7"] }),
  poll: duration("How often the folder is looked at", "5s"),
  age: duration("A file must have stood unchanged for so long before it is taken; 0s: partners move whole files in", "10s"),
  order: Type.Enum(["name", "age"], {
    description: "Order in which files are taken; by name, a file that is still being written holds up those behind it",
    default: "name",
    examples: ["age"],
  }),
  after: Type.Enum(["move", "delete", "archive"], {
    description: "What becomes of a file once all of it is on disk here: move to moveTo, archive into a folder for each day there, or delete",
    default: "move",
    examples: ["archive"],
  }),
  moveTo: Type.Optional(folder("Folder for files that were taken, on the same file system; needed unless after is delete", "/srv/lab/taken")),
  errorTo: folder("Folder for files that cannot be taken, on the same file system", "/srv/lab/failed"),
  maxBytes: size("Largest message: a whole file, or with split one record of it", "50mb"),
  inFlight: Type.Integer({ description: "With split: records handed over and not yet on disk at a time", minimum: 1, maximum: 4096, default: 512 }),
});
export type SourceOptions = Static<typeof sourceOptions>;

export function verifySource({ after, moveTo, directory, errorTo }: SourceOptions): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  if (after !== "delete" && moveTo === undefined) found.push({ path: [], message: `after: ${after} needs moveTo`, help: "name a folder under moveTo, or write after: delete" });
  if (after === "delete" && moveTo !== undefined) found.push({ path: ["moveTo"], message: "after: delete moves nothing", help: "leave out moveTo, or write after: move" });
  if (moveTo === directory) found.push({ path: ["moveTo"], message: "files would be moved into the folder they are taken from" });
  if (errorTo === directory) found.push({ path: ["errorTo"], message: "files would be moved into the folder they are taken from" });
  return found;
}

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one for files", examples: ["outbox"] })),
  directory: Type.Optional(
    Type.String({ description: "Folder below the endpoint's own; a constant", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", examples: ["results/final"] }),
  ),
  name: Type.String({
    description: `Name of each file, made of what the engine knows and never of content: ${placeholders.map((p) => `{${p}}`).join(" ")} and constant text`,
    default: "{date}-{time}-{id}.{format}",
    pattern: `^([A-Za-z0-9_-][A-Za-z0-9._-]*|\\{(${placeholders.join("|")})\\})([A-Za-z0-9._-]|\\{(${placeholders.join("|")})\\})*$`,
    examples: ["LAB-{sequence}.hl7"],
  }),
  mode: Type.String({ description: "Permissions of the files, octal", default: "0600", pattern: "^0[0-7]{3}$", examples: ["0640"] }),
});
export type DestinationOptions = Static<typeof destinationOptions>;

export function verifyDestination({ name }: DestinationOptions): readonly OptionProblem[] {
  if (/\{(id|sequence)\}/.test(name)) return [];
  return [{ path: ["name"], message: "two messages could get the same name", help: "put {id} or {sequence} into the name" }];
}
