import { duration, port, serverTls, Type } from "../../sdk/index.ts";
import { namePattern, text } from "./words.ts";

/** Asymmetric alone: with a shared key, whoever checks a token could make one, and `none` is no signature (RFC 8725 sections 3.1 and 3.2). */
export const tokenAlgorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA"] as const;

const place = {
  partner: text("Partner whose endpoint it is", "visits-login"),
  endpoint: Type.String({ description: "Endpoint of the partner, by its id", pattern: namePattern, examples: ["keys"] }),
};

const assuranceLevel = (description: string) => Type.Optional(Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)], { description, examples: [2] }));

const issuer = Type.Object(
  {
    issuer: text("Its name in tokens (iss), to the letter", "https://login.visits.example"),
    audience: Type.Union([text("Whom tokens must be for (aud)", "https://sluice.northside.example"), Type.Array(text("Audience", "sluice"), { minItems: 1 })], {
      description: "Whom tokens must be for (aud): one of these", examples: ["https://sluice.northside.example"],
    }),
    algorithms: Type.Optional(Type.Array(Type.Enum([...tokenAlgorithms]), { description: "What tokens may be signed with", default: ["ES256", "ES384", "PS256", "RS256", "RS384"], minItems: 1, examples: [["ES256"]] })),
    jwks: Type.Optional(
      Type.Object(
        { ...place, keep: Type.Optional(duration("How long keys that were fetched serve while it cannot be reached; then senders are answered 503", "24h")) },
        { additionalProperties: false, description: "Where its key set is fetched (jwks_uri): for tokens that are JWTs", examples: [{ partner: "visits-login", endpoint: "keys" }] },
      ),
    ),
    introspection: Type.Optional(
      Type.Object(
        { ...place, credential: Type.String({ description: "Credential of that partner, as whose client we ask", pattern: namePattern, examples: ["asker"] }) },
        { additionalProperties: false, description: "Where it is asked about each token (RFC 7662): for opaque tokens", examples: [{ partner: "visits-login", endpoint: "introspect", credential: "asker" }] },
      ),
    ),
    saml: Type.Optional(
      Type.Object(
        {
          certificates: Type.Array(Type.String({ description: "PEM file with a certificate or public key, relative to the project", minLength: 1, examples: ["tls/hospital-login.pem"] }), { description: "Keys that sign its assertions; several while one is rotated", minItems: 1, examples: [["tls/hospital-login.pem"]] }),
          recipient: Type.String({ description: "Address that assertions must name as Recipient: the one at which senders reach us", minLength: 1, examples: ["https://sluice.northside.example/results"] }),
        },
        { additionalProperties: false, description: "It gives SAML 2.0 bearer assertions, each taken once (RFC 7522)", examples: [{ certificates: ["tls/hospital-login.pem"], recipient: "https://sluice.northside.example/results" }] },
      ),
    ),
    skew: Type.Optional(duration("By how much clocks may differ", "60s")),
    assurance: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1 }),
        Type.Object({ ial: assuranceLevel("Identity assurance level (NIST SP 800-63A)"), aal: assuranceLevel("Authenticator assurance level (NIST SP 800-63B)") }, { additionalProperties: false }),
        { description: "What its acr values, of SAML its AuthnContextClassRef, say; one that does not stand here says nothing", default: {}, examples: [{ "urn:example:mfa": { ial: 2, aal: 2 } }] },
      ),
    ),
  },
  { additionalProperties: false },
);

/** `identity` of `sluice.yaml`. */
export function identity() {
  return Type.Object(
    {
      keySet: Type.Optional(
        Type.Object(
          {
            port: { ...port("TCP port, which channels may share"), examples: [8046] },
            host: Type.Optional(Type.String({ description: "Address to listen on", default: "127.0.0.1", examples: ["0.0.0.0"] })),
            path: Type.Optional(Type.String({ description: "Path of the key set", default: "/.well-known/jwks.json", pattern: "^/[A-Za-z0-9._~/-]*$", examples: ["/.well-known/jwks.json"] })),
            tls: Type.Optional(serverTls()),
          },
          { additionalProperties: false, description: "Where partners fetch the public parts of the keys that our credentials sign with (jwks_uri)", examples: [{ port: 8046 }] },
        ),
      ),
      issuers: Type.Optional(
        Type.Record(Type.String({ pattern: namePattern }), issuer, {
          description: "Whose access tokens sources may take, by the name that they say: auth: { token: NAME }",
          additionalProperties: false,
          default: {},
          examples: [{ visits: { issuer: "https://login.visits.example", audience: "https://sluice.northside.example", jwks: { partner: "visits-login", endpoint: "keys" } } }],
        }),
      ),
    },
    { additionalProperties: false, description: "Who the engine is to others, and whom it believes", default: {}, examples: [{ keySet: { port: 8046 } }] },
  );
}
