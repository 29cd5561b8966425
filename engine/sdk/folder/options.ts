import type { OptionProblem } from "../connector.ts";
import { duration, size, Type } from "../options.ts";

/** Which files a source takes, and when. */
export const takenFiles = {
  pattern: Type.String({ description: "Names of the files to take: * stands for any characters, ? for one", default: "*", minLength: 1, examples: ["*.hl7"] }),
  poll: duration("How often the folder is looked at", "5s"),
  age: duration("A file must have stood unchanged for so long before it is taken; 0s: partners move whole files in", "10s"),
  order: Type.Enum(["name", "age"], {
    description: "Order in which files are taken; by name, a file that is still being written holds up those behind it",
    default: "name",
    examples: ["age"],
  }),
};

export function after() {
  return Type.Enum(["move", "delete", "archive"], {
    description: "What becomes of a file once all of it is on disk here: move to moveTo, archive into a folder for each day there, or delete",
    default: "move",
    examples: ["archive"],
  });
}

/** How a file is handed over. */
export const takenPieces = {
  maxBytes: size("Largest message: a whole file, or with split one record of it", "50mb"),
  inFlight: Type.Integer({ description: "With split: records handed over and not yet on disk at a time", minimum: 1, maximum: 4096, default: 512 }),
  duplicates: Type.Enum(["take", "skip"], {
    description: "What becomes of a file, or with split a record, whose very bytes the channel has on record: taken as a new message, or recognised as a repeat",
    default: "take",
    examples: ["skip"],
  }),
};

/** What the schema cannot see of a source's folders. */
export function verifyFolders({ after, moveTo, directory, errorTo }: { readonly after: string; readonly moveTo?: string; readonly directory?: string; readonly errorTo: string }): readonly OptionProblem[] {
  const found: OptionProblem[] = [];
  if (after !== "delete" && moveTo === undefined) found.push({ path: [], message: `after: ${after} needs moveTo`, help: "name a folder under moveTo, or write after: delete" });
  if (after === "delete" && moveTo !== undefined) found.push({ path: ["moveTo"], message: "after: delete moves nothing", help: "leave out moveTo, or write after: move" });
  if (moveTo !== undefined && moveTo === directory) found.push({ path: ["moveTo"], message: "files would be moved into the folder they are taken from" });
  if (errorTo === directory) found.push({ path: ["errorTo"], message: "files would be moved into the folder they are taken from" });
  return found;
}
