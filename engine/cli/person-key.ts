import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { EngineError } from "../sdk/error.ts";

/** Writes a new private key (Ed25519, PKCS 8, PEM), readable by its owner alone, and gives the public one as it stands in sluice.yaml. */
export function makeKey(cwd: string, file: string): string {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  try {
    writeFileSync(resolve(cwd, file), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  } catch {
    throw new EngineError("CLI-131", { file });
  }
  return publicKey.export({ type: "spki", format: "der" }).toString("base64");
}

/** CLI-132: no such file, or no Ed25519 key in it. */
export function keyOf(cwd: string, file: string): KeyObject {
  try {
    const key = createPrivateKey(readFileSync(resolve(cwd, file)));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below.
  }
  throw new EngineError("CLI-132", { file });
}
