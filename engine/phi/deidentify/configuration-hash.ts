import { createHash } from "node:crypto";
import { canonical } from "../../codec/json/index.ts";
import type { DestinationSpec } from "../../config/project.ts";
import { policiesOf } from "./formats.ts";

/**
 * What an expert examines, as one hash (45 CFR 164.514(b)(1)): the method's settings, the policy files with their versions and contents, the closed list
 * and the code that runs after. SHA-256 over canonical JSON, as `sha256:` and 64 hex digits. Another hash is another configuration, which nobody has examined.
 */
export function configurationHash({ deidentify, format, only }: Pick<DestinationSpec, "deidentify" | "format" | "only">): string | undefined {
  if (!deidentify) return undefined;
  const { method, dates, ids, transform, aggregate } = deidentify;
  const policies = policiesOf(deidentify);
  const code = transform && { text: transform.text, modules: (transform.modules ?? []).map(({ text }) => text) };
  return `sha256:${createHash("sha256").update(canonical({ method, dates, ids, aggregate, format, only, code, policies })).digest("hex")}`;
}
