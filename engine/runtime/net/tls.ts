import { readFileSync, statSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { EngineError } from "../../sdk/index.ts";

/** TLS 1.2 is the floor everywhere (threat T17). */
export const minVersion = "TLSv1.2";
export const handshakeTimeoutMs = 10_000;

export interface TlsFiles {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

export type TlsMaterial = Partial<Record<keyof TlsFiles, Buffer>>;

/** Reads and checks the files now, so that a broken certificate stops the start and not the first message. */
export function tlsMaterial(files: TlsFiles, resolvePath: (path: string) => string): TlsMaterial {
  const material: TlsMaterial = {};
  for (const part of ["cert", "key", "ca"] as const) {
    const file = files[part];
    if (file === undefined) continue;
    try {
      material[part] = readFileSync(resolvePath(file));
    } catch {
      throw new EngineError("NET-103", { part, file });
    }
  }
  try {
    createSecureContext({ ...material, minVersion });
  } catch (cause) {
    throw new EngineError("NET-103", { file: files.cert ?? files.ca }, { cause });
  }
  return material;
}

/** TLS files that are in use, and whether they have been renewed on the disk since they were last read (threat T17). */
export class RenewedTls {
  readonly #files: TlsFiles;
  readonly #resolvePath: (path: string) => string;
  #stamp: string;

  constructor(files: TlsFiles, resolvePath: (path: string) => string) {
    this.#files = files;
    this.#resolvePath = resolvePath;
    this.#stamp = this.#look();
  }

  /**
   * The new material, once for each change. Throws EngineError `NET-103` when it cannot be used, once too: a certificate whose key is
   * not written yet is looked at again when that is.
   */
  take(): TlsMaterial | undefined {
    const stamp = this.#look();
    if (stamp === this.#stamp) return undefined;
    this.#stamp = stamp;
    return tlsMaterial(this.#files, this.#resolvePath);
  }

  #look(): string {
    const { cert, key, ca } = this.#files;
    return [cert, key, ca].map((file) => (file === undefined ? "" : this.#stampOf(file))).join(" ");
  }

  #stampOf(file: string): string {
    try {
      const { ino, mtimeMs, size } = statSync(this.#resolvePath(file));
      return `${ino}:${mtimeMs}:${size}`;
    } catch {
      return "absent";
    }
  }
}
