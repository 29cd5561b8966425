import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Hashes of files below a project, for the documents of agreements. What cannot be read is not there. */
export function fileHashBelow(root: string): (path: string) => string | undefined {
  return (path) => {
    try {
      return createHash("sha256").update(readFileSync(join(root, path))).digest("hex");
    } catch {
      return undefined;
    }
  };
}
