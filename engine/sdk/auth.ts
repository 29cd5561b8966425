import { type Static, Type } from "typebox";
import type { CredentialRef } from "./envelope.ts";
import { durationPattern, secret } from "./options.ts";

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

const level = (description: string) => Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)], { description, examples: [2] });

/** How webhooks are signed: over the body with a key that both sides have. */
const signature = Type.Object(
  {
    scheme: Type.Union([Type.Literal("stripe"), Type.Literal("hmac-sha256")], { description: "stripe: Stripe-Signature with t and v1; hmac-sha256: one header with the HMAC", examples: ["stripe"] }),
    secret: secret("Key of the signature"),
    header: Type.Optional(Type.String({ description: "With hmac-sha256: header of the signature, hex or base64, with sha256= before it or not", pattern: "^[A-Za-z0-9-]+$", examples: ["X-Signature-256"] })),
    timestamp: Type.Optional(Type.String({ description: "With hmac-sha256: header of the time (Unix seconds), which is signed before the body with a dot between", pattern: "^[A-Za-z0-9-]+$", examples: ["X-Signature-Timestamp"] })),
    tolerance: Type.Optional(Type.String({ description: "How old, or how far ahead, a signed time may be", default: "5m", pattern: durationPattern, examples: ["5m"] })),
  },
  { additionalProperties: false, description: "Signature of a webhook" },
);

/**
 * How senders prove who they are, as an option of a source: exactly one of a fixed token, a name and password, tokens of an issuer of `sluice.yaml`, a
 * signature, or a client certificate. What a token must say beside that stands with `token`.
 */
export function inboundAuth() {
  return Type.Object(
    {
      bearer: Type.Optional(secret("Token that senders present")),
      basic: Type.Optional(
        Type.Object(
          { user: Type.String({ description: "User name", minLength: 1, examples: ["lab"] }), password: secret("Password") },
          { additionalProperties: false, description: "User name and password (RFC 7617)" },
        ),
      ),
      token: Type.Optional(Type.String({ description: "Issuer of identity in sluice.yaml whose access tokens are taken", pattern: "^[a-z][a-z0-9-]*$", examples: ["visits"] })),
      scope: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: "With token: scopes of which it must have all", examples: [["system/Appointment.c"]] })),
      aal: Type.Optional(level("With token: the least authenticator assurance level (NIST SP 800-63B)")),
      ial: Type.Optional(level("With token: the least identity assurance level (NIST SP 800-63A)")),
      signature: Type.Optional(signature),
      certificate: Type.Optional(
        Type.Array(Type.String({ pattern: "^(dns:[a-z0-9.-]+|uri:[!-~]+|sha256:[0-9a-f]{64})$" }), {
          description: "Client certificates that are let in, with tls.ca: by a name in them (dns:, uri:) or by their SHA-256 (sha256:, hex)", minItems: 1, examples: [["dns:sender.lab.example"]],
        }),
      ),
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
    { additionalProperties: false, minProperties: 1, description: "How senders prove who they are: bearer, basic, token, signature or certificate", examples: [{ bearer: "${env:VISITS_TOKEN}" }, { token: "visits", aal: 2 }] },
  );
}

export type InboundAuth = Static<ReturnType<typeof inboundAuth>>;
