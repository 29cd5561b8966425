import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readProject, secretRefs } from "../config/index.ts";
import { builtInConnectors } from "../runtime/registry.ts";

/** Makes the file secrets that a project names and does not have, random and readable by their owner alone. Gives their names. */
export async function createMissingSecrets(root: string): Promise<readonly string[]> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  if (!project) return [];
  const names = new Set(secrets(project));
  const missing = [...names].filter((name) => !existsSync(join(root, "secrets", name)));
  for (const name of missing) {
    const path = join(root, "secrets", name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  }
  return missing;
}

function secrets(project: Parameters<typeof secretRefs>[0]): readonly string[] {
  return secretRefs(project).flatMap(({ ref }) => (ref.source === "file" ? [ref.name] : []));
}
