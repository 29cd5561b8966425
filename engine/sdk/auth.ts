import { type Static, Type } from "typebox";
import type { CredentialRef } from "./envelope.ts";
import { secret } from "./options.ts";

const one = { additionalProperties: false, minProperties: 1, maxProperties: 1 } as const;

/**
 * How the engine proves to a partner who it is, as an option of a connector: exactly one of a fixed token, a name and password, or a credential
 * of the partner (`credentials` in `partners.yaml`), for which the engine gets tokens by itself.
 */
export function outboundAuth() {
  return Type.Object(
    {
      bearer: Type.Optional(secret("Token that the engine presents")),
      basic: Type.Optional(
        Type.Object(
          {
            user: Type.String({ description: "User name", minLength: 1, examples: ["sluice"] }),
            password: secret("Password"),
          },
          { additionalProperties: false, description: "User name and password (RFC 7617)" },
        ),
      ),
      credential: Type.Optional(
        Type.String({ description: "Credential of the partner by its name in partners.yaml; the engine gets and renews its tokens", pattern: "^[a-z][a-z0-9-]*$", examples: ["smart"] }),
      ),
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
    { ...one, description: "How the engine proves who it is: bearer, basic or credential", examples: [{ bearer: "${env:PARTNER_TOKEN}" }, { credential: "smart" }] },
  );
}

export type OutboundAuth = Static<ReturnType<typeof outboundAuth>>;

/** The option as what an envelope names, to be spread into it; the engine adds the header after release. */
export function withCredential(auth: OutboundAuth | undefined): { readonly credential?: CredentialRef } {
  if (auth?.bearer) return { credential: { kind: "bearer", secret: auth.bearer } };
  if (auth?.basic) return { credential: { kind: "basic", user: auth.basic.user, secret: auth.basic.password } };
  return auth?.credential === undefined ? {} : { credential: { kind: "named", name: auth.credential } };
}
