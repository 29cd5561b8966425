import { join } from "node:path";
import type { Diagnostic, Range } from "../../sdk/index.ts";
import type { FileSystem } from "../files.ts";
import { limits } from "../yaml/limits.ts";
import type { Node } from "../yaml/node.ts";
import { parseYaml } from "../yaml/parse.ts";

/** One reading of a project: where from, what was found wrong so far, and the texts that reports quote. */
export interface Reading {
  readonly root: string;
  readonly files: FileSystem;
  readonly diagnostics: Diagnostic[];
  /** File, relative to the project → its text. */
  readonly sources: Map<string, string>;
}

export function startReading(root: string, files: FileSystem): Reading {
  return { root, files, diagnostics: [], sources: new Map() };
}

export function startOf(file: string): Range {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
}

/** The text of a file within the size limit; what is wrong with it is reported at its first character. */
export function readText(reading: Reading, file: string): string | undefined {
  const problem = (code: "CFG-102" | "CFG-108", message: string, help: string) => {
    reading.diagnostics.push({ code, level: "error", at: startOf(file), message, help });
    return undefined;
  };
  const path = join(reading.root, file);
  if (!reading.files.exists(path)) return problem("CFG-108", `${file} is missing`, "create it, or let `sluice init` do so");
  try {
    if (reading.files.size(path) > limits.bytes) {
      return problem("CFG-102", `larger than ${limits.bytes / 1024} kb`, "configuration is small; move data elsewhere");
    }
    const text = reading.files.readText(path);
    reading.sources.set(file, text);
    return text;
  } catch {
    return problem("CFG-108", `${file} cannot be read as UTF-8 text`, "save it as UTF-8, and let the engine's user read it");
  }
}

export function readYaml(reading: Reading, file: string): Node | undefined {
  const text = readText(reading, file);
  if (text === undefined) return undefined;
  const parsed = parseYaml(file, text);
  reading.diagnostics.push(...parsed.diagnostics);
  return parsed.node;
}
