import { readFileSync } from "node:fs";
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
