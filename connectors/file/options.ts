import { after, fileNamePattern, fileNamePlaceholders, object, type OptionProblem, type Static, takenFiles, takenPieces, Type, verifyFileName, verifyFolders } from "../../engine/sdk/index.ts";

const folder = (description: string, example: string) => Type.String({ description, minLength: 1, examples: [example] });

export const sourceOptions = object({
  directory: folder("Folder to take files from, relative to the project or absolute", "/srv/lab/in"),
  ...takenFiles,
  after: after(),
  moveTo: Type.Optional(folder("Folder for files that were taken, on the same file system; needed unless after is delete", "/srv/lab/taken")),
  errorTo: folder("Folder for files that cannot be taken, on the same file system", "/srv/lab/failed"),
  ...takenPieces,
});
export type SourceOptions = Static<typeof sourceOptions>;

export function verifySource(options: SourceOptions): readonly OptionProblem[] {
  return verifyFolders(options);
}

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one for files", examples: ["outbox"] })),
  directory: Type.Optional(
    Type.String({ description: "Folder below the endpoint's own; a constant", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", examples: ["results/final"] }),
  ),
  name: Type.String({
    description: `Name of each file, made of what the engine knows and never of content: ${fileNamePlaceholders.map((p) => `{${p}}`).join(" ")} and constant text`,
    default: "{date}-{time}-{id}.{format}",
    pattern: fileNamePattern,
    examples: ["LAB-{sequence}.hl7"],
  }),
  mode: Type.String({ description: "Permissions of the files, octal", default: "0600", pattern: "^0[0-7]{3}$", examples: ["0640"] }),
});
export type DestinationOptions = Static<typeof destinationOptions>;

export function verifyDestination({ name }: DestinationOptions): readonly OptionProblem[] {
  return verifyFileName(name);
}
