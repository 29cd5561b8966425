import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { EngineError, type SecretRef } from "../sdk/index.ts";

/** An opened secret. Every way of printing it gives `[secret]`; only `expose` gives the value. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The value, for the one place that needs it (a header, a key). */
  expose(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [inspect.custom](): string {
    return "[secret]";
  }
}

interface CachedFile {
  readonly stamp: string;
  readonly secret: Secret;
}

/** Opens references. Files are looked at anew each time, so a rotated secret works without a restart. */
export class Secrets {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #files = new Map<string, CachedFile>();

  /** `root` is the project; file secrets stand in its folder `secrets/`. */
  constructor(root: string, env: Readonly<Record<string, string | undefined>> = process.env) {
    this.#folder = join(root, "secrets");
    this.#env = env;
  }

  /** Throws EngineError `SEC-*` when it is missing, empty or readable by others. */
  open(ref: SecretRef): Secret {
    return ref.source === "env" ? this.#openEnv(ref.name) : this.#openFile(ref.name);
  }

  exists(ref: SecretRef): boolean {
    try {
      this.open(ref);
      return true;
    } catch {
      return false;
    }
  }

  #openEnv(name: string): Secret {
    const value = this.#env[name];
    if (value === undefined) throw new EngineError("SEC-101", { variable: name });
    if (value === "") throw new EngineError("SEC-105", { variable: name });
    return new Secret(value);
  }

  #openFile(name: string): Secret {
    if (name.split(/[\\/]/).some((part) => part === "" || part === "." || part === ".."))
      throw new EngineError("SEC-104", { file: name });
    const path = join(this.#folder, name);
    const file = statSync(path, { throwIfNoEntry: false });
    if (!file?.isFile()) throw new EngineError("SEC-102", { file: name });
    if ((file.mode & 0o077) !== 0) throw new EngineError("SEC-103", { file: name, mode: (file.mode & 0o777).toString(8) });
    const stamp = `${file.ino}:${file.mtimeMs}:${file.size}`;
    const cached = this.#files.get(name);
    if (cached?.stamp === stamp) return cached.secret;
    const secret = new Secret(this.#read(path, name));
    this.#files.set(name, { stamp, secret });
    return secret;
  }

  #read(path: string, name: string): string {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      throw new EngineError("SEC-102", { file: name });
    }
    const value = text.replace(/\r?\n$/, "");
    if (value === "") throw new EngineError("SEC-105", { file: name });
    return value;
  }
}
