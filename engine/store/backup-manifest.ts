import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../sdk/error.ts";

export const manifestName = "manifest.json";

/** What a backup says of itself; written last, so that a backup without it is none. */
export interface Manifest {
  readonly backup: 1;
  /** Version of the record's tables. */
  readonly schema: number;
  readonly at: number;
  readonly last: number;
  /** Rows of every table of the record. */
  readonly rows: Readonly<Record<string, number>>;
  /** Key files that the record needs, and whether they are in the backup; else they must be kept elsewhere. */
  readonly keys: { readonly included: boolean; readonly needed: readonly string[] };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export function readManifest(dir: string): { readonly manifest: Manifest; readonly sha256: string } {
  let text: string;
  let manifest: Manifest;
  try {
    text = readFileSync(join(dir, manifestName), "utf8");
    manifest = JSON.parse(text) as Manifest;
  } catch (cause) {
    // The text of a parser could quote the file.
    throw new EngineError("STO-402", { file: manifestName }, { cause });
  }
  if (!isManifest(manifest)) throw new EngineError("STO-402", { file: manifestName });
  return { manifest, sha256: createHash("sha256").update(text).digest("hex") };
}

/** Names lead nowhere but into the backup: what it says is not believed. */
export function isSafeName(name: string): boolean {
  return /^[\w.@=+-][\w.@=+ -]*(\/[\w.@=+-][\w.@=+ -]*)*$/.test(name) && !name.split("/").some((part) => part === "." || part === "..");
}

function isManifest(value: Manifest): boolean {
  return (
    value?.backup === 1 &&
    [value.schema, value.at, value.last].every(Number.isSafeInteger) &&
    typeof value.rows === "object" &&
    Array.isArray(value.keys?.needed) &&
    value.keys.needed.every((name) => typeof name === "string" && isSafeName(name)) &&
    Array.isArray(value.files) &&
    value.files.every((file) => isSafeName(file.name) && Number.isSafeInteger(file.bytes) && /^[0-9a-f]{64}$/.test(file.sha256)) &&
    value.files.some((file) => file.name === "record.db")
  );
}
