import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ExitCode, Terminal } from "./command.ts";
import { wrongCall } from "./wrong-call.ts";

/** Bits of a new RSA key: beyond 2030 by NIST SP 800-57 part 1. */
const modulusLength = 3072;

export function newSigningKey(algorithm: "ES384" | "RS384"): string {
  const { privateKey } = algorithm === "ES384" ? generateKeyPairSync("ec", { namedCurve: "P-384" }) : generateKeyPairSync("rsa", { modulusLength });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Makes a private key as a secret of the project (`secrets/NAME`, 0600). One that is there stays. */
export function newKey(root: string, name: string | undefined, algorithm: string, terminal: Terminal): ExitCode {
  if (name === undefined || !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) return wrongCall(terminal, "name the secret to write, such as smart.pem", "keys");
  if (algorithm !== "ES384" && algorithm !== "RS384") return wrongCall(terminal, "an algorithm is ES384 or RS384", "keys");
  const path = join(root, "secrets", name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, newSigningKey(algorithm), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    terminal.err(`secrets/${name} is there already; a key is never written over\n`);
    return 1;
  }
  terminal.out(`secrets/${name} holds a new private key; name it as "\${file:${name}}", and give partners what sluice keys public prints\n`);
  return 0;
}

/** Prints the key set that partners verify our signatures with: what `identity.keySet` serves. */
export async function publicKeys(root: string, terminal: Terminal): Promise<ExitCode> {
  const { loadProject } = await import("./compose.ts");
  const { keySet } = await import("../identity/outbound/key-set.ts");
  const { Secrets } = await import("../runtime/secrets.ts");
  const { project } = await loadProject(root);
  const secrets = new Secrets(root, terminal.env);
  terminal.out(`${JSON.stringify(await keySet(project.partners.values(), secrets.open.bind(secrets)), undefined, 2)}\n`);
  return 0;
}
