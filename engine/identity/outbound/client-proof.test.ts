import { createLocalJWKSet, decodeJwt, jwtVerify, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { newSigningKey } from "../../cli/signing-keys.ts";
import type { OAuth2Credential, Partner } from "../../config/project.ts";
import { systemRandom } from "../../runtime/clock.ts";
import { Secret } from "../../runtime/secrets.ts";
import { SecretRef } from "../../sdk/index.ts";
import { ManualClock } from "../../sdk/testing/manual-clock.ts";
import { clientProof } from "./client-proof.ts";
import { keySet } from "./key-set.ts";

const address = "https://ehr.example/token";
const [a, b] = [new SecretRef("file", "a"), new SecretRef("file", "b")];
const credential: OAuth2Credential = { token: "token", client: "sluice", method: "private_key_jwt", algorithm: "ES384", key: a };

function ports(pems: Readonly<Record<string, string>>) {
  const clock = new ManualClock();
  return { clock, random: systemRandom, openSecret: ({ name }: SecretRef) => new Secret(pems[name] ?? "") };
}

const setOf = async (one: OAuth2Credential, { openSecret }: ReturnType<typeof ports>) => (await keySet([{ credentials: { one } } as unknown as Partner], openSecret)).keys as JWK[];

describe("what we prove ourselves with", () => {
  test.each(["ES384", "RS384"] as const)("%s: five minutes at most, another jti each time, and our key set verifies it", async (algorithm) => {
    const given = ports({ a: newSigningKey(algorithm) });
    const one = { ...credential, algorithm };
    const tokens = [];
    for (let i = 0; i < 2; i++) tokens.push((await clientProof(one, address, given)).form?.client_assertion ?? "");
    const keys = await setOf(one, given);
    const { payload, protectedHeader } = await jwtVerify(tokens[0] ?? "", createLocalJWKSet({ keys }), { issuer: "sluice", subject: "sluice", audience: address, currentDate: new Date(given.clock.now()) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300);
    expect(protectedHeader).toMatchObject({ alg: algorithm, kid: keys[0]?.kid });
    expect(decodeJwt(tokens[1] ?? "").jti).not.toBe(payload.jti);
    expect(keys[0]).not.toHaveProperty("d");
  });

  test("a rotation: both keys are shown at once, and the new one signs from its moment on", async () => {
    const given = ports({ a: newSigningKey("ES384"), b: newSigningKey("ES384") });
    const one = { ...credential, keyId: "old", next: { key: b, fromMs: given.clock.now() + 86_400_000, keyId: "new" } };
    expect((await setOf(one, given)).map(({ kid }) => kid)).toEqual(["old", "new"]);
    const kid = async () => JSON.parse(Buffer.from((await clientProof(one, address, given)).form?.client_assertion?.split(".")[0] ?? "", "base64url").toString()).kid;
    expect(await kid()).toBe("old");
    await given.clock.advance(86_400_000);
    expect(await kid()).toBe("new");
  });

  test.each([
    ["no key at all", "ES384", "hunter2", "not-a-private-key"],
    ["a key on another curve", "ES384", () => newSigningKey("RS384"), "not-on-curve-P-384"],
    ["no RSA key", "RS384", () => newSigningKey("ES384"), "not-an-rsa-key"],
  ] as const)("%s signs nothing, and is not shown", async (_, algorithm, pem, because) => {
    const given = ports({ a: typeof pem === "string" ? pem : pem() });
    const failure = await clientProof({ ...credential, algorithm }, address, given).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "IDN-104", safe: { because, name: "a", sent: false } });
    expect(JSON.stringify(failure)).not.toContain("hunter2");
  });

  test("a secret by header is form-encoded first", async () => {
    const given = ports({ a: "p:ä s" });
    const { authorization = "" } = await clientProof({ ...credential, method: "client_secret_basic", secret: a }, address, given);
    expect(Buffer.from(authorization.slice(6), "base64").toString()).toBe("sluice:p%3A%C3%A4+s");
  });
});
