import type { DeidentifyContext } from "./context.ts";

export const idKinds = ["patient", "visit", "account", "order", "appointment", "specimen", "document", "message", "resource"] as const;

/** What an id is of. The same id of one kind, given by the same authority, has the same token in every format. */
export type IdKind = (typeof idKinds)[number];

/**
 * An id with whoever gave it: `4711` of two hospitals is two patients. `assigner` is what FHIR writes as the system of an identifier; HL7 v2 says it as `hl7Assigner`
 * reads it. Without one, the id alone.
 */
export function qualified(value: string, assigner = ""): string {
  const [plain, by] = [value.trim(), assigner.trim()];
  return plain === "" || by === "" ? plain : `${plain}^^^${by}`;
}

/** An assigning authority (HD: namespace, universal id, its type) as a FHIR system says it where it has a universal id, else its namespace. */
export function hl7Assigner(namespace: string, universal: string, type: string): string {
  const id = universal.trim();
  if (id === "") return namespace.trim();
  if (/^ISO$/i.test(type.trim()) || (type.trim() === "" && /^[012](?:\.\d+)+$/.test(id))) return `urn:oid:${id}`;
  return /^(?:UUID|GUID)$/i.test(type.trim()) ? `urn:uuid:${id.toLowerCase()}` : id;
}

/** What stands in the place of an id: a random token of the vault, a keyed pseudonym, or nothing (`spec.ids`). Safe Harbor: never a pseudonym (164.514(c)). */
export function id(value: string, kind: IdKind, { spec, owner, partner, mint }: DeidentifyContext, assigner = ""): string | undefined {
  const plain = qualified(value, assigner);
  if (plain === "" || spec.ids === "remove") return undefined;
  if (spec.ids === "pseudonym") return spec.method === "safe-harbor" ? undefined : mint.pseudonym(owner, partner, kind, plain);
  return mint.surrogate(partner, `${kind} of ${owner}`, plain);
}

/** A token that stands for nothing but this message. */
export function fresh({ mint, partner }: DeidentifyContext): string {
  return mint.surrogate(partner, "message");
}
