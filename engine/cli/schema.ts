import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { publishedSchemas, readProject } from "../config/index.ts";
import { builtInConnectors, type Registry } from "../runtime/registry.ts";
import type { Call, Command, ExitCode } from "./command.ts";
import { editorSettings, generatedFiles, withSchemaLine } from "./editor-files.ts";
import { withConnectors } from "./lint.ts";
import { projectFlag, projectOf } from "./project-folder.ts";
import { wrongCall } from "./wrong-call.ts";

const names = ["channel", "partners", "sluice", "tests"] as const;

/** What editors need to know: the form of each file with the options of the connectors that are installed here. */
export const command: Command = {
  name: "schema",
  summary: "print the JSON Schema of a file, or set a project up so that editors complete and check it",
  usage: "sluice schema channel|partners|sluice|tests | --write [--project DIR] [--json]",
  examples: ["sluice schema channel", "sluice schema --write", "sluice schema --write --project clinic"],
  options: { ...projectFlag, write: { type: "boolean" } },
  positionals: { min: 0, max: 1, help: `one of ${names.join(", ")}` },
  run,
};

async function run({ terminal, flags, words: [name], json }: Call): Promise<ExitCode> {
  if (flags["write"]) {
    if (name !== undefined) return wrongCall(terminal, "--write writes all of them", "schema");
    const root = projectOf(terminal, flags);
    const { registry, read } = await withConnectors(root);
    const written = writeAll(root, registry, [...read.sources.keys()]);
    const shown = relative(terminal.cwd, root) || ".";
    if (json) terminal.out(JSON.stringify({ folder: root, written }));
    else terminal.out(written.length === 0 ? "nothing to write: all of it is as it should be" : [`wrote in ${shown}:`, ...written.map((file) => `  ${file}`)].join("\n"));
    return 0;
  }
  if (!names.some((known) => known === name)) return wrongCall(terminal, `schema takes one of ${names.join(", ")}, or --write`, "schema");
  const text = publishedSchemas(await connectorsHere(terminal, flags)).get(`${name}.schema.json`) ?? "";
  terminal.out(json ? JSON.stringify(JSON.parse(text)) : text.trimEnd());
  return 0;
}

/** With the connectors of the project where there is one, else with the engine's own. */
async function connectorsHere(terminal: Call["terminal"], flags: Call["flags"]): Promise<Registry> {
  const isNamed = flags["project"] !== undefined;
  if (!isNamed && !existsSync(join(terminal.cwd, "sluice.yaml"))) return builtInConnectors();
  return (await withConnectors(projectOf(terminal, flags))).registry;
}

/** Writes what is not as it should be, and gives the files' names. */
function writeAll(root: string, registry: Registry, read: readonly string[]): readonly string[] {
  const written: string[] = [];
  const write = (file: string, text: string) => {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, "utf8") === text) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    written.push(file);
  };
  for (const [file, text] of Object.entries(generatedFiles(registry))) write(file, text);
  for (const [file, text] of Object.entries(editorSettings)) if (!existsSync(join(root, file))) write(file, text);
  const { project } = readProject(root, { connectors: registry });
  const channels = new Set(project?.channels.map(({ place }) => place.file));
  const isOurs = (file: string) => ["sluice.yaml", "partners.yaml"].includes(file) || /^tests\/.*\.ya?ml$/.test(file) || channels.has(file);
  for (const file of read) {
    if (isOurs(file)) write(file, withSchemaLine(file, readFileSync(join(root, file), "utf8")));
  }
  return written;
}
