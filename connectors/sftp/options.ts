import { after, type OptionProblem, duration, fileNamePattern, fileNamePlaceholders, object, takenFiles, takenPieces, Type, type Static, verifyFileName, verifyFolders } from "../../engine/sdk/index.ts";

const belowEndpoint = "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$";
const folder = (description: string, example: string) => Type.String({ description, pattern: belowEndpoint, examples: [example] });
const timeout = duration("Time for one exchange with the server: a login, a list, a file", "60s");

export const sourceOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the source's partner; not needed when it has only one for SFTP", examples: ["drop"] })),
  directory: Type.Optional(folder("Folder to take files from, below the endpoint's own", "out")),
  ...takenFiles,
  after: after(),
  moveTo: Type.Optional(folder("Folder for files that were taken, below the endpoint's own; needed unless after is delete", "taken")),
  errorTo: folder("Folder for files that cannot be taken, below the endpoint's own", "failed"),
  ...takenPieces,
  timeout,
});
export type SourceOptions = Static<typeof sourceOptions>;

export function verifySource(options: SourceOptions): readonly OptionProblem[] {
  return verifyFolders(options);
}

export const destinationOptions = object({
  endpoint: Type.Optional(Type.String({ description: "Endpoint of the partner; not needed when it has only one for SFTP", examples: ["drop"] })),
  directory: Type.Optional(folder("Folder below the endpoint's own; a constant", "in/claims")),
  name: Type.String({
    description: `Name of each file, made of what the engine knows and never of content: ${fileNamePlaceholders.map((p) => `{${p}}`).join(" ")} and constant text`,
    default: "{date}-{time}-{id}.{format}",
    pattern: fileNamePattern,
    examples: ["CLM-{sequence}.edi"],
  }),
  temporary: Type.String({
    description: "Name of a file while it is being written; {name} stands for the name it gets",
    default: ".{name}.part",
    pattern: "^[A-Za-z0-9._-]+\\{name\\}[A-Za-z0-9._-]*$|^\\{name\\}[A-Za-z0-9._-]+$",
    examples: ["{name}.tmp"],
  }),
  mode: Type.String({ description: "Permissions of the files, octal, where the server takes them", default: "0600", pattern: "^0[0-7]{3}$", examples: ["0640"] }),
  timeout,
});
export type DestinationOptions = Static<typeof destinationOptions>;

export function verifyDestination({ name }: DestinationOptions): readonly OptionProblem[] {
  return verifyFileName(name);
}
