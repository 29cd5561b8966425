import { readFileSync } from "node:fs";

const folder = new URL("../../schemas/", import.meta.url);

/** A file of the engine's own policy data, by its path below `schemas/`; nothing when it cannot be read. */
export function policyFile(path: string): Uint8Array | undefined {
  try {
    return readFileSync(new URL(path, folder));
  } catch {
    return undefined;
  }
}
