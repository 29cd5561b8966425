import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import { exportJWK, jwtVerify, createLocalJWKSet, type JSONWebKeySet } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { identityProvider, type IdentityProvider } from "../simulators/identity-provider.ts";
import { engineOnDisk, eventually, freePort, type OnDisk } from "../flow/engine-on-disk.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const pemOf = (algorithm: "ES384" | "RS384") => {
  const { privateKey } = algorithm === "ES384" ? generateKeyPairSync("ec", { namedCurve: "P-384" }) : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
};

const publicOf = async (pem: string, kid: string, alg: string) => ({ ...(await exportJWK(createPublicKey(pem))), kid, alg, use: "sig" });

function listen(server: Server, port: number): Promise<void> {
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
}

/** An EHR that takes what comes with a token of its identity provider, and looks at the signature by itself. */
async function ehr(port: number, idpPort: number, audience: string) {
  const state = { bodies: [] as string[], tokens: [] as string[], revoked: new Set<string>(), refusals: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const keys = (await (await fetch(`http://127.0.0.1:${idpPort}/jwks`)).json()) as JSONWebKeySet;
      const good = !state.revoked.has(token) && (await jwtVerify(token, createLocalJWKSet(keys), { audience }).then(() => true, () => false));
      if (!good) {
        state.refusals++;
        return void response.writeHead(401).end();
      }
      state.tokens.push(token);
      state.bodies.push(body);
      response.writeHead(200).end();
    });
  });
  await listen(server, port);
  return state;
}

interface Scene {
  readonly idp: IdentityProvider;
  readonly ehr: Awaited<ReturnType<typeof ehr>>;
  readonly onDisk: OnDisk;
  send(text: string): Promise<number>;
}

async function scene(method: "ES384" | "RS384" | "client_secret_basic" | "client_secret_post", { lifeSeconds = 300, down = false } = {}): Promise<Scene> {
  const [source, ehrPort, idpPort, keysPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const audience = `http://127.0.0.1:${ehrPort}/fhir`;
  const signs = method === "ES384" || method === "RS384";
  const pem = signs ? pemOf(method) : "";
  const secret = "a-secret-of-thirty-two-characters";
  const idp = await identityProvider({
    issuer: `http://127.0.0.1:${idpPort}`, audience, scope: "system/Observation.c", lifeSeconds,
    clients: [{
      client_id: "sluice", grant_types: ["client_credentials"], response_types: [], redirect_uris: [],
      ...(signs
        ? { token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: method, ...(method === "ES384" ? { jwks_uri: `http://127.0.0.1:${keysPort}/.well-known/jwks.json` } : { jwks: { keys: [await publicOf(pem, "k1", method)] } }) }
        : { token_endpoint_auth_method: method, client_secret: secret }),
    }],
  });
  idp.told.down = down;
  await listen(idp.server, idpPort);
  const peer = await ehr(ehrPort, idpPort, audience);
  const how = signs ? `method: private_key_jwt, algorithm: ${method}, key: "\${file:smart.pem}", keyId: k1` : `method: ${method}, secret: "\${file:smart.pem}"`;
  const link = "limit: 1000/s, audit: metadata, phi: allowed";
  const onDisk = await engineOnDisk({
    "sluice.yaml": "name: outbound\nsandbox: { walls: reduced }\nidentity: { keySet: { port: KEYS } }\n".replace("KEYS", String(keysPort)),
    "secrets/smart.pem": signs ? pem : secret,
    "partners.yaml": `partners:
  app:
    kind: provider
    links: { inbound: { auth: none, allow: ["*"], ${link} } }
  ehr:
    kind: provider
    endpoints:
      - { id: fhir, url: "${audience}" }
      - { id: token, url: "http://127.0.0.1:${idpPort}/token" }
    credentials:
      smart: { oauth2: { token: token, client: sluice, ${how}, scope: "system/Observation.c" } }
    agreements:
      - { id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }
    links: { outbound: { auth: oauth2, allow: ["*"], ${link} } }
`,
    "notes.yaml": `channel: notes
classification: phi
source: { partner: app, http: { port: ${source}, path: /notes }, format: json }
destinations:
  ehr:
    partner: ehr
    purpose: TREAT
    http: { endpoint: fhir, auth: { credential: smart } }
    retry: { attempts: 2, initial: 10ms, max: 20ms }
`,
  });
  ends.push(() => onDisk.close());
  const send = async (text: string) => (await fetch(`http://127.0.0.1:${source}/notes`, { method: "POST", body: JSON.stringify({ text }) })).status;
  return { idp, ehr: peer, onDisk, send };
}

const statesOf = ({ onDisk }: Scene) => onDisk.engine.operations.messages({ limit: 50 }).flatMap(({ entries }) => entries.map(({ state }) => state));

describe("tokens for a destination", () => {
  test.each(["ES384", "RS384", "client_secret_basic", "client_secret_post"] as const)("by %s: one token serves many messages, and none is written anywhere", async (method) => {
    const it = await scene(method);
    for (let i = 0; i < 5; i++) expect(await it.send(`n${i}`)).toBe(202);
    await eventually(() => it.ehr.bodies.length === 5);
    expect(new Set(it.ehr.tokens).size).toBe(1);
    expect(it.idp.told.asked.get("/token")).toBe(1);
    expect(it.ehr.refusals).toBe(0);
    const [token = ""] = it.ehr.tokens;
    expect(token.length).toBeGreaterThan(100);
    expect(it.onDisk.log.join("\n")).not.toContain(token);
  });

  test("a 401 drops the token, and the message goes once more at once with a fresh one", async () => {
    const it = await scene("ES384");
    await it.send("one");
    await eventually(() => it.ehr.bodies.length === 1);
    for (const token of it.ehr.tokens) it.ehr.revoked.add(token);
    await it.send("two");
    await eventually(() => it.ehr.bodies.length === 2);
    expect(it.ehr.refusals).toBe(1);
    expect(it.idp.told.asked.get("/token")).toBe(2);
    expect(new Set(it.ehr.tokens).size).toBe(2);
    await eventually(() => statesOf(it).every((state) => state === "delivered"));
  });

  test("the identity provider is down: lanes wait past all attempts, ask it seldom, and lose nothing", async () => {
    const it = await scene("ES384", { down: true });
    const asked: number[] = [];
    it.idp.server.on("connection", () => asked.push(performance.now()));
    for (let i = 0; i < 3; i++) expect(await it.send(`n${i}`)).toBe(202);
    await eventually(() => asked.length >= 3);
    // Pauses of one, two and four seconds; whoever is slow makes them no shorter.
    const [first = 0, second = 0, third = 0] = asked;
    expect([second - first > 800, third - second > 1_800]).toEqual([true, true]);
    await expect.poll(() => it.onDisk.engine.operations.status().lanes[0]?.status).toMatchObject({ kind: "suspended", code: "IDN-101" });
    expect(it.ehr.bodies).toEqual([]);
    it.idp.told.down = false;
    await eventually(() => it.ehr.bodies.length === 3);
    expect(it.ehr.bodies.map((body) => (JSON.parse(body) as { text: string }).text)).toEqual(["n0", "n1", "n2"]);
    await expect.poll(() => ["credential-failed", "credential-works"].map((event) => it.onDisk.log.filter((line) => line.includes(event)).length)).toEqual([1, 1]);
  });
});
