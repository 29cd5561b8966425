import { SecretRef } from "../../sdk/index.ts";

/** `${env:NAME}` or `${file:name}` as a reference; anything else is no reference. */
function toSecretRef(text: unknown): SecretRef | undefined {
  const [, source, name] = /^\$\{(env|file):([A-Za-z0-9_][A-Za-z0-9_./-]*)\}$/.exec(String(text)) ?? [];
  return (source === "env" || source === "file") && name !== undefined ? new SecretRef(source, name) : undefined;
}

/** Options with their secrets as references. A text that is none is dropped: it may be the secret itself. */
export function withSecrets(value: unknown, pointer: string, places: ReadonlySet<string>): unknown {
  if (places.has(pointer)) return toSecretRef(value);
  if (Array.isArray(value)) return value.map((item, i) => withSecrets(item, `${pointer}/${i}`, places));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const below = withSecrets(item, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, places);
    return [key, below] as const;
  });
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}
