import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "../sdk/index.ts";

const cipher = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** Seals what people write, since it may name a patient: AES-256-GCM, bound to the item it belongs to. */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #random: Pick<Random, "bytes">;

  /** `keyedId`: the record's, under a key of its own that no rotation changes. */
  constructor(keyedId: (purpose: string, ...parts: readonly string[]) => string, random: Pick<Random, "bytes">) {
    this.#key = Buffer.from(keyedId("work", "seal 1") + keyedId("work", "seal 2"), "hex");
    this.#random = random;
  }

  seal(item: number, text: string): Uint8Array {
    const nonce = this.#random.bytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce).setAAD(Buffer.from(`item ${item}`));
    const body = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), body]);
  }

  /** `undefined`: altered, or sealed by another key. */
  open(item: number, sealed: Uint8Array): string | undefined {
    try {
      const opening = createDecipheriv(cipher, this.#key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(`item ${item}`));
      opening.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]).toString("utf8");
    } catch {
      return undefined;
    }
  }
}
