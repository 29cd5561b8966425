import { SignJWT } from "jose";
import type { OAuth2Credential } from "../../config/project.ts";
import type { ClientProof } from "../../runtime/net/outbound.ts";
import type { Secret } from "../../runtime/secrets.ts";
import { type Clock, EngineError, type Random, type SecretRef } from "../../sdk/index.ts";
import { type SigningKey, signingKey } from "./signing-key.ts";

export interface ProofPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly openSecret: (ref: SecretRef) => Secret;
}

/** SMART App Launch 2.2 lets an assertion live five minutes at most; a skewed clock on the other side must not void it. */
const lifeSeconds = 240;
const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What shows the token endpoint at `address` that we are the client. Rejects with EngineError `SEC-*` or `IDN-104`. */
export async function clientProof(credential: OAuth2Credential, address: string, ports: ProofPorts): Promise<ClientProof> {
  const { method, client } = credential;
  if (method === "private_key_jwt") {
    const assertion = await signed(await keyInUse(credential, ports), client, credential.audience ?? address, ports);
    return { form: { client_assertion_type: jwtBearer, client_assertion: assertion } };
  }
  if (!credential.secret) throw new EngineError("IDN-104", { because: "no-secret", sent: false });
  const value = ports.openSecret(credential.secret).expose();
  if (method === "client_secret_post") return { form: { client_id: client, client_secret: value } };
  // RFC 6749 section 2.3.1: both parts are form-encoded first.
  return { authorization: `Basic ${Buffer.from(`${formEncoded(client)}:${formEncoded(value)}`).toString("base64")}` };
}

/** The key that signs at this moment: from its day on, the one that follows. */
async function keyInUse({ key, next, keyId, algorithm }: OAuth2Credential, { clock, openSecret }: ProofPorts): Promise<SigningKey> {
  const isNext = next !== undefined && clock.now() >= next.fromMs;
  const ref = isNext ? next.key : key;
  if (!ref) throw new EngineError("IDN-104", { because: "no-key", sent: false });
  return signingKey(openSecret(ref).expose(), algorithm, isNext ? next.keyId : keyId, ref);
}

function signed({ key, algorithm, kid }: SigningKey, client: string, audience: string, { clock, random }: ProofPorts): Promise<string> {
  const now = Math.floor(clock.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: algorithm, typ: "JWT", kid })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifeSeconds)
    .setJti(Buffer.from(random.bytes(24)).toString("base64url"))
    .sign(key);
}

function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
