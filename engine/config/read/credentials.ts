import type { SecretRef } from "../../sdk/index.ts";
import type { OAuth2Credential } from "../project.ts";
import { clientAlgorithms, clientMethods } from "../schema/credentials.ts";
import type { CheckedFile } from "./checked-file.ts";
import { withSecrets } from "./secrets.ts";
import { choice, map, optional, text } from "./tolerant.ts";

/** `credentials` of one partner; what does not go together is reported at its key. */
export function readCredentials(checked: CheckedFile, partner: string, given: unknown): Readonly<Record<string, OAuth2Credential>> {
  const values = map(withSecrets(given, `/partners/${partner}/credentials`, checked.secretPlaces));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const { oauth2 } = map(value);
      if (oauth2 === undefined) return [];
      const written = map(map(map(given)[name]).oauth2);
      reportMismatch(checked, ["partners", partner, "credentials", name, "oauth2"], written);
      return [[name, toOAuth2(map(oauth2))]];
    }),
  );
}

function toOAuth2(value: Readonly<Record<string, unknown>>): OAuth2Credential {
  const next = map(value.next);
  return {
    token: text(value.token),
    client: text(value.client),
    method: choice(value.method, clientMethods, "private_key_jwt"),
    algorithm: choice(value.algorithm, clientAlgorithms, "ES384"),
    ...optional("key", value.key as SecretRef | undefined),
    ...optional("secret", value.secret as SecretRef | undefined),
    ...optional("keyId", value.keyId as string | undefined),
    ...optional("next", next.key === undefined ? undefined : { key: next.key as SecretRef, fromMs: Date.parse(text(next.from)), ...optional("keyId", next.keyId as string | undefined) }),
    ...optional("scope", value.scope as string | undefined),
    ...optional("audience", value.audience as string | undefined),
  };
}

/** A key signs, a secret is told: which of them the method needs, and what of the other has no meaning. */
function reportMismatch(checked: CheckedFile, path: readonly string[], written: Readonly<Record<string, unknown>>): void {
  const method = clientMethods.find((known) => known === written.method);
  if (method === undefined) return;
  const signs = method === "private_key_jwt";
  const needed = signs ? "key" : "secret";
  if (written[needed] === undefined) {
    const help = signs ? `add key: "\${file:…}", the private key whose public part the partner has` : `add secret: "\${file:…}", as the partner gave it`;
    checked.report({ code: "CFG-240", path: [...path, "method"], target: "value", message: `method ${method} needs "${needed}"`, help });
    return;
  }
  for (const odd of signs ? ["secret"] : ["key", "keyId", "next"]) {
    if (written[odd] === undefined) continue;
    const help = signs ? "take it away: with a key no secret is sent" : "take it away, or change the method to private_key_jwt";
    checked.report({ code: "CFG-240", path: [...path, odd], target: "key", message: `"${odd}" has no meaning with method ${method}`, help });
  }
}
