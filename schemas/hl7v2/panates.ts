// The source of facts of HL7 v2: the npm package hl7v2-dictionary 1.8.0 (github.com/panates/hl7v2), MIT, Copyright (c) 2017 Panates. It is
// fetched into a folder of its own and is no dependency of Sluice.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const source = { package: "hl7v2-dictionary", version: "1.8.0", licence: "MIT", notice: "Copyright (c) 2017 Panates" };

export interface Part {
  readonly type: string;
  readonly desc?: string;
  readonly rep?: number | "infinite";
  readonly opt?: "R" | "O" | "S" | "C" | "B";
  readonly len?: number;
  readonly table?: number;
}
export interface Definition {
  readonly desc?: string;
  readonly fields?: Readonly<Record<string, Part>>;
}
/** What stands in a message or a group, by name; several names joined by commas are a choice. */
export type Segments = Readonly<Record<string, { readonly idx: number; readonly min?: number; readonly max?: number; readonly segments?: Segments }>>;
export interface Dictionary {
  readonly segments: Readonly<Record<string, Definition>>;
  readonly types: Readonly<Record<string, Definition>>;
  readonly messages: Readonly<Record<string, { readonly segments?: Segments }>>;
}
export type Dictionaries = Readonly<Record<string, Dictionary>>;

/** By version, oldest first. */
export async function fetched(): Promise<Dictionaries> {
  const folder = mkdtempSync(join(tmpdir(), "dictionary-"));
  try {
    execFileSync("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", `${source.package}@${source.version}`]);
    const file = join(folder, "node_modules", source.package, "index.js");
    return ((await import(pathToFileURL(file).href)) as { dictionaries: Dictionaries }).dictionaries;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A version as a letter, `a` the first. */
export function letter(version: number): string {
  return String.fromCharCode(97 + version);
}
