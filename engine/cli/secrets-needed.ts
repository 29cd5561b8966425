import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readProject, secretRefs } from "../config/index.ts";
import type { OAuth2Credential, Project } from "../config/project.ts";
import { builtInConnectors } from "../runtime/registry.ts";
import { newSigningKey } from "./signing-keys.ts";

/** Makes the file secrets that a project names and does not have, random and readable by their owner alone. Gives their names. */
export async function createMissingSecrets(root: string): Promise<readonly string[]> {
  const { project } = readProject(root, { connectors: await builtInConnectors() });
  if (!project) return [];
  const names = new Set(secrets(project));
  const signing = signingKeys(project);
  const missing = [...names].filter((name) => !existsSync(join(root, "secrets", name)));
  for (const name of missing) {
    const path = join(root, "secrets", name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const algorithm = signing.get(name);
    writeFileSync(path, algorithm === undefined ? `${randomBytes(24).toString("base64url")}\n` : newSigningKey(algorithm), { mode: 0o600, flag: "wx" });
  }
  return missing;
}

/** Secrets that are private keys, with what they sign. */
function signingKeys({ partners }: Project): ReadonlyMap<string, OAuth2Credential["algorithm"]> {
  const credentials = [...partners.values()].flatMap((partner) => Object.values(partner.credentials ?? {}));
  return new Map(credentials.flatMap(({ key, next, algorithm }) => [key, next?.key].flatMap((ref) => (ref?.source === "file" ? [[ref.name, algorithm] as const] : []))));
}

function secrets(project: Project): readonly string[] {
  return secretRefs(project).flatMap(({ ref }) => (ref.source === "file" ? [ref.name] : []));
}
