import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface Copied {
  readonly bytes: number;
  readonly sha256: string;
}

const chunkBytes = 1024 * 1024;

/** Copies a file for its owner alone, flushed to the disk, and says what was copied. The target may not exist. */
export function copyFlushed(from: string, to: string): Copied {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const target = openSync(to, "wx", 0o600);
  try {
    const copied = read(from, (chunk) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(target, chunk, at);
    });
    fsyncSync(target);
    return copied;
  } finally {
    closeSync(target);
  }
}

export function hashFile(path: string): Copied {
  return read(path, () => {});
}

export function writeFlushed(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function read(path: string, each: (chunk: Uint8Array) => void): Copied {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const file = openSync(path, "r");
  let bytes = 0;
  try {
    for (;;) {
      const length = readSync(file, buffer);
      if (length === 0) return { bytes, sha256: hash.digest("hex") };
      const chunk = buffer.subarray(0, length);
      hash.update(chunk);
      each(chunk);
      bytes += length;
    }
  } finally {
    closeSync(file);
  }
}
