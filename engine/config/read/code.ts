import { join, normalize } from "node:path";
import type { CodeSpec } from "../project.ts";
import { find, type Path, type ScalarNode } from "../yaml/node.ts";
import type { CheckedFile } from "./checked-file.ts";
import { readImports } from "./code-imports.ts";
import type { Reading } from "./reading.ts";

/** Code of a filter or transform, from a block scalar or a file; what is wrong is reported. */
export function readCode(reading: Reading, checked: CheckedFile, path: Path): CodeSpec | undefined {
  const node = find(checked.place.node, path);
  if (!node || checked.isBroken(path)) return undefined;
  if (node.kind === "map" && find(node, ["map"]) !== undefined) return fromMap(checked, path, node.at.line);
  if (node.kind === "map") return fromFile(reading, checked, [...path, "file"]);
  if (node.kind !== "scalar") return undefined;
  if (node.style !== "literal") {
    checked.report({
      code: "CFG-166",
      path,
      target: "value",
      message: "code stands in a block scalar, so that its lines keep their places",
      help: `write "${path.at(-1)}: |" and the code indented on the lines below, or name a file: { file: transforms/name.ts }`,
    });
    return undefined;
  }
  return { text: String(node.value), language: "js", form: "body", file: checked.file, ...placeOf(reading.sources.get(checked.file) ?? "", node) };
}

/** `transform: { map: hl7v2-to-fhir, … }` is a call of the function that code has, with the options beside it. */
function fromMap(checked: CheckedFile, path: Path, line: number): CodeSpec {
  const { map, ...options } = path.reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>>)[String(step)], checked.value) as Readonly<Record<string, unknown>>;
  const text = calls[String(map)]?.(options) ?? "";
  return { text, language: "js", form: "body", file: checked.file, line, indent: 0, map: { name: String(map), options, path } };
}

type Call = (options: Readonly<Record<string, unknown>>) => string;
const calls: Readonly<Record<string, Call>> = {
  "hl7v2-to-fhir": (options) => `return toFhir(msg, ${JSON.stringify(options)});`,
  "fhir-to-hl7v2": (options) => `return toHl7(msg, ${JSON.stringify(options)});`,
  "fhir-to-ical": (options) => `return fhirToIcal(msg, ${JSON.stringify(options)});`,
  // Days count from the midnight (UTC) before the message.
  "ical-to-fhir": ({ days, ...options }) => {
    const window = days === undefined ? "" : `, from: today, to: today + ${Number(days)} * 86400000`;
    return `const today = Date.now() - (Date.now() % 86400000);
const entry = icalToFhir(msg, { ...${JSON.stringify(options)}${window} }).map((resource) => ({ resource }));
return { resourceType: "Bundle", type: "collection", ...(entry.length > 0 ? { entry } : {}) };`;
  },
};

/** Where the text of a block scalar begins, and how much indent YAML took off each line. */
function placeOf(source: string, node: ScalarNode): { line: number; indent: number } {
  const line = node.at.line + 1;
  const lines = source.split("\n");
  const written = String(node.value).split("\n");
  const i = written.findIndex((row) => row.trim() !== "");
  const lead = (row: string | undefined) => (row ?? "").length - (row ?? "").trimStart().length;
  return { line, indent: i < 0 ? 0 : lead(lines[line - 1 + i]) - lead(written[i]) };
}

function fromFile(reading: Reading, checked: CheckedFile, path: Path): CodeSpec | undefined {
  const value = find(checked.place.node, path);
  const file = normalize(String(value?.kind === "scalar" ? value.value : "")).replaceAll("\\", "/");
  const problem = (message: string, help: string) => {
    checked.report({ code: "CFG-165", path, target: "value", message, help });
    return undefined;
  };
  if (file.startsWith("/") || file.startsWith("..")) return problem(`${file} is outside the project`, "keep code in the folder of sluice.yaml");
  const kind = /\.(ts|mts|js|mjs)$/.exec(file)?.[1];
  if (kind === undefined) return problem(`${file} is neither JavaScript nor TypeScript`, "name a .js or .ts file");
  const full = join(reading.root, file);
  if (!reading.files.exists(full)) return problem(`there is no file ${file}`, "paths begin at the folder of sluice.yaml");
  try {
    const text = reading.files.readText(full);
    reading.sources.set(file, text);
    const language = kind.endsWith("ts") ? "ts" : "js";
    const form = language === "ts" || /^[ \t]*export\s+default\b/m.test(text) ? "module" : "body";
    const modules = form === "module" ? readImports(reading, file, text) : [];
    return { text, language, form, file, line: 1, indent: 0, ...(modules.length > 0 ? { modules } : {}) };
  } catch {
    return problem(`${file} cannot be read as UTF-8 text`, "save it as UTF-8, and let the engine's user read it");
  }
}
