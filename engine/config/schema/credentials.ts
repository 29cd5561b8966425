import { secret, Type } from "../../sdk/index.ts";
import { namePattern, text } from "./words.ts";

/** How a client proves to a token endpoint who it is: RFC 6749 section 2.3.1, RFC 7523 section 2.2. */
export const clientMethods = ["private_key_jwt", "client_secret_basic", "client_secret_post"] as const;

/** What SMART App Launch 2.2 (asymmetric client authentication) lets a client sign with. */
export const clientAlgorithms = ["ES384", "RS384"] as const;

const keyId = (description: string) => Type.String({ description, pattern: "^[A-Za-z0-9._~-]{1,100}$", examples: ["sluice-2026"] });

const oauth2 = Type.Object(
  {
    token: Type.String({ description: "Endpoint of this partner that gives tokens, by its id", pattern: namePattern, examples: ["token"] }),
    client: text("Our client id, as the partner registered it", "sluice-northside"),
    method: Type.Enum([...clientMethods], { description: "How we prove that we are this client", examples: ["private_key_jwt"] }),
    key: Type.Optional(secret("With private_key_jwt: our private key, PEM (PKCS #8)")),
    secret: Type.Optional(secret("With client_secret_basic or client_secret_post: our client secret")),
    algorithm: Type.Optional(Type.Enum([...clientAlgorithms], { description: "With private_key_jwt: what we sign with (SMART Backend Services)", default: "ES384", examples: ["ES384"] })),
    keyId: Type.Optional(keyId("With private_key_jwt: id of the key; default: its thumbprint (RFC 7638)")),
    next: Type.Optional(
      Type.Object(
        {
          key: secret("The key that follows, PEM (PKCS #8); it is published at once"),
          from: Type.String({ description: "From when on we sign with it; leave the partner a day to fetch it", pattern: "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?(Z|[+-][0-2][0-9]:[0-5][0-9])$", examples: ["2026-12-01T00:00:00Z"] }),
          keyId: Type.Optional(keyId("Id of the key; default: its thumbprint")),
        },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
        { additionalProperties: false, description: "A rotation: two keys are published, and from a moment on the new one signs", examples: [{ key: "${file:smart-2027.pem}", from: "2026-12-01T00:00:00Z" }] },
      ),
    ),
    scope: Type.Optional(text("Scopes to ask for, with blanks between", "system/Patient.rs system/Observation.rs")),
    audience: Type.Optional(text("Whom our signature addresses; default: the address of the token endpoint", "https://ehr.example/oauth2/token")),
  },
  { additionalProperties: false, description: "OAuth 2.0 client credentials (RFC 6749 section 4.4) and SMART Backend Services" },
);

/** `credentials` of a partner. */
export function credentials() {
  return Type.Record(Type.String({ pattern: namePattern }), Type.Object({ oauth2 }, { additionalProperties: false }), {
    description: "How the engine gets tokens for this partner, by the name that connectors say: auth: { credential: NAME }",
    additionalProperties: false,
    default: {},
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a reference is written in YAML
    examples: [{ smart: { oauth2: { token: "token", client: "sluice-northside", method: "private_key_jwt", key: "${file:smart.pem}", scope: "system/Patient.rs" } } }],
  });
}
