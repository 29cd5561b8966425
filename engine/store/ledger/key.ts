import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { EngineError } from "../../sdk/error.ts";
import type { Random } from "../../sdk/index.ts";
import { readKey, writeKey } from "../master-key.ts";
import type { Signer } from "./checkpoint.ts";

/** Signs checkpoints; in the data folder, for its owner alone. 32 bytes in hexadecimal: the seed of RFC 8032. */
export const ledgerKeyName = "disclosures.key";

/** DER of a private key of RFC 8410 before its 32 bytes, and of a public one. */
const privateForm = Buffer.from("302e020100300506032b657004220420", "hex");
const publicForm = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Reads the key, or makes it where a ledger has not begun. Throws STO-502 where one is missing that has signed, STO-107 where another stands in its
 * place. `renew` (a person asks for it) makes a new one: the ledger says so in its next line.
 */
export function readLedgerKey(dir: string, options: { readonly signedBy?: string; readonly renew: boolean; readonly random: Random }): Signer {
  const { signedBy, renew, random } = options;
  const seed = renew ? undefined : readKey(dir, ledgerKeyName);
  if (seed !== undefined) {
    const signer = signerOf(seed);
    if (signedBy !== undefined && signedBy !== signer.id) throw new EngineError("STO-107", { file: ledgerKeyName });
    return signer;
  }
  if (signedBy !== undefined && !renew) throw new EngineError("STO-502", { file: ledgerKeyName });
  const fresh = random.bytes(32);
  writeKey(dir, ledgerKeyName, fresh);
  return signerOf(fresh);
}

export function signerOf(seed: Uint8Array): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([privateForm, seed]), format: "der", type: "pkcs8" });
  return { privateKey, id: keyId(createPublicKey(privateKey)) };
}

/** `ed25519:` and the 32 bytes in base64: what is handed to those who verify. */
export function publicText(key: KeyObject): string {
  const spki = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
  return `ed25519:${spki.subarray(publicForm.length).toString("base64")}`;
}

/** Undefined for what is no such text. */
export function publicKeyOf(text: string): KeyObject | undefined {
  const found = /^ed25519:([A-Za-z0-9+/]{43}=)$/.exec(text.trim());
  if (!found) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([publicForm, Buffer.from(found[1] ?? "", "base64")]), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

export function keyId(key: KeyObject): string {
  return createHash("sha256").update(publicText(key)).digest("hex").slice(0, 16);
}
