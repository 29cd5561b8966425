import { SecretRef } from "../sdk/index.ts";

/** A credential of the partner that options name, and the path of keys to it. */
export interface CredentialName {
  readonly name: string;
  readonly path: readonly string[];
}

/** Every `auth: { credential: … }` in the options of a connector. */
export function credentialNames(options: unknown, path: readonly string[] = []): CredentialName[] {
  if (typeof options !== "object" || options === null || options instanceof SecretRef) return [];
  return Object.entries(options).flatMap(([key, value]) => {
    const at = [...path, key];
    return key === "credential" && path.at(-1) === "auth" && typeof value === "string" ? [{ name: value, path: at }] : credentialNames(value, at);
  });
}
