import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** Longest path of a unix socket that every system takes. */
const longest = 100;

/** Where the control socket of a data folder stands; a deep folder gets a short name under the temporary folder. */
export function controlPath(dataFolder: string): string {
  const beside = join(resolve(dataFolder), "control", "sock");
  if (Buffer.byteLength(beside) <= longest) return beside;
  const name = createHash("sha256").update(beside).digest("hex").slice(0, 16);
  return join(tmpdir(), `sluice-${process.getuid?.() ?? 0}-${name}`, "sock");
}
