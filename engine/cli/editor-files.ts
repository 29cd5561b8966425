import { readFileSync } from "node:fs";
import { publishedSchemas } from "../config/index.ts";
import type { ConnectorCatalogue } from "../config/project.ts";

/** Files that are the engine's to write: made anew whenever connectors change. */
export function generatedFiles(connectors: ConnectorCatalogue): Readonly<Record<string, string>> {
  const schemas = [...publishedSchemas(connectors)].map(([name, text]) => [`schemas/${name}`, text] as const);
  const types = readFileSync(new URL("../sandbox/inside/globals.d.ts", import.meta.url), "utf8");
  return { ...Object.fromEntries(schemas), "types/sluice.d.ts": types };
}

/** Settings of editors, which their owner may change: written where there are none. */
export const editorSettings: Readonly<Record<string, string>> = {
  ".vscode/settings.json": json({
    "yaml.schemas": {
      "./schemas/sluice.schema.json": "/sluice.yaml",
      "./schemas/partners.schema.json": "/partners.yaml",
      "./schemas/channel.schema.json": "/channels/*.yaml",
      "./schemas/tests.schema.json": "/tests/*.yaml",
    },
    "[yaml]": { "editor.insertSpaces": true, "editor.tabSize": 2 },
    // Messages are bytes: an editor that trims or ends lines changes them.
    "files.associations": { "*.hl7": "plaintext" },
    "[plaintext]": { "files.insertFinalNewline": false, "files.trimTrailingWhitespace": false },
  }),
  ".vscode/extensions.json": json({ recommendations: ["redhat.vscode-yaml"] }),
  // For editors, and for "tsc -p .": the engine itself strips the types and checks none.
  "tsconfig.json": json({
    compilerOptions: {
      target: "es2024", lib: ["es2024"], module: "esnext", moduleResolution: "bundler", types: [],
      strict: true, noEmit: true, allowJs: true, checkJs: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true,
    },
    include: ["types", "transforms", "lib"],
  }),
};

const mark = "# yaml-language-server:";

/** The line by which an editor without those settings finds the schema of a YAML file. */
export function schemaLine(file: string): string {
  const [own] = /^(?:sluice|partners)(?=\.yaml$)|^tests(?=\/)/.exec(file) ?? ["channel"];
  const up = "../".repeat(file.split("/").length - 1);
  return `${mark} $schema=${up}schemas/${own}.schema.json\n`;
}

/** The text of a YAML file with its schema line; as it is when it names one, wherever that leads. */
export function withSchemaLine(file: string, text: string): string {
  return text.includes(mark) ? text : `${schemaLine(file)}${text}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
