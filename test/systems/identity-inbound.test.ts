import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { engineOnDisk, eventually, freePort, type OnDisk } from "../flow/engine-on-disk.ts";
import { ManualClock } from "../../engine/sdk/testing/manual-clock.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import { identityProvider } from "../simulators/identity-provider.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const issuer = "https://login.visits.example";
const audience = "https://sluice.example";

/** An issuer whose every claim and key the test chooses; its key set is fetched over a socket. */
async function ownIssuer(port: number) {
  const state = { down: false, asked: 0, keys: [] as JWK[], key: undefined as unknown as CryptoKey, kid: "" };
  const rotate = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    Object.assign(state, { key: privateKey, kid, keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" }] });
  };
  await rotate("one");
  const server = createServer((request, response) => {
    if (state.down) return void request.socket.destroy();
    state.asked++;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: state.keys }));
  });
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { state, rotate };
}

type Header = { readonly typ?: string; readonly kid?: string };

function tokenOf(it: Awaited<ReturnType<typeof ownIssuer>>, claims: Record<string, unknown> = {}, header: Header = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, aud: audience, sub: "jane.rivera", scope: "visits.write", exp: now + 300, iat: now, acr: "mfa-acr", ...claims })
    .setProtectedHeader({ alg: "ES256", kid: it.state.kid, typ: "at+jwt", ...header })
    .sign(it.state.key);
}

interface Scene {
  readonly port: number;
  readonly onDisk: OnDisk;
  post(headers: Record<string, string>, body?: string): Promise<{ status: number; code: string | undefined; challenge: string | null }>;
}

async function scene(auth: string, { issuers = "", partners = "", secrets = {}, clock }: { issuers?: string; partners?: string; secrets?: Record<string, string>; clock?: ManualClock } = {}): Promise<Scene> {
  const [port, sink] = [await freePort(), await freePort()];
  const server = createServer((request, response) => request.resume().on("end", () => response.end()));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(sink, "127.0.0.1", resolve));
  const link = "limit: 1000/s, audit: metadata, phi: allowed";
  const onDisk = await engineOnDisk(
    {
      "sluice.yaml": `name: inbound\nsandbox: { walls: reduced }\n${issuers}`,
      ...Object.fromEntries(Object.entries(secrets).map(([name, text]) => [`secrets/${name}`, text])),
      "partners.yaml": `partners:
  app: { kind: provider, links: { inbound: { auth: none, allow: ["*"], ${link} } } }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "http://127.0.0.1:${sink}/" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: { auth: none, allow: ["*"], ${link} } }
${partners}`,
      "visits.yaml": `channel: visits
classification: phi
source: { partner: app, http: { port: ${port}, path: /visits, auth: ${auth} }, format: json }
destinations:
  ehr: { partner: ehr, purpose: TREAT, http: {} }
`,
    },
    clock ? { clock } : {},
  );
  ends.push(() => onDisk.close());
  const post = async (headers: Record<string, string>, body = '{"visit":"Jane Rivera"}') => {
    const response = await fetch(`http://127.0.0.1:${port}/visits`, { method: "POST", headers, body });
    const text = await response.text();
    expect(text).not.toContain("Rivera");
    return { status: response.status, code: text.startsWith("{") ? (JSON.parse(text) as { code?: string }).code : undefined, challenge: response.headers.get("www-authenticate") };
  };
  return { port, onDisk, post };
}

const jwksIssuer = (extra = "") => `identity:
  issuers:
    visits: { issuer: "${issuer}", audience: "${audience}", jwks: { partner: login, endpoint: keys${extra} }, assurance: { mfa-acr: { ial: 2, aal: 2 }, low-acr: { ial: 1, aal: 1 } } }
`;
const login = (port: number) => `  login: { kind: other, endpoints: [{ id: keys, url: "http://127.0.0.1:${port}/jwks" }] }\n`;

async function withIssuer(auth = "{ token: visits, scope: [visits.write], aal: 2, ial: 2 }", extra = "", clock?: ManualClock) {
  const port = await freePort();
  const idp = await ownIssuer(port);
  const it = await scene(auth, { issuers: jwksIssuer(extra), partners: login(port), ...(clock && { clock }) });
  const send = async (claims: Record<string, unknown> = {}, header: Header = {}) => it.post({ authorization: `Bearer ${await tokenOf(idp, claims, header)}` });
  return { ...it, idp, send };
}

describe("access tokens of an issuer", () => {
  test("who sent it, and how surely, is kept with the message and shown; never the subject", async () => {
    const it = await withIssuer();
    expect(await it.send()).toMatchObject({ status: 202 });
    const { principal } = it.onDisk.engine.operations.message(1) ?? {};
    expect(principal).toMatchObject({ issuer: "visits", kind: "person", ial: 2, aal: 2, scopes: ["visits.write"] });
    expect(principal?.subject).toMatch(/^[0-9a-f]{16,}$/);
    expect(JSON.stringify(principal)).not.toContain("rivera");
    expect(it.onDisk.log.join("\n")).not.toContain("rivera");
    await it.send({ client_id: "jane.rivera" });
    expect(it.onDisk.engine.operations.message(2)?.principal).toMatchObject({ kind: "system", subject: principal?.subject });
    await it.onDisk.engine.close();
    const terminal = sampleTerminal({ cwd: it.onDisk.root });
    expect(await main(["message", "show", "1"], terminal)).toBe(0);
    expect(terminal.outs.join("\n")).toMatch(/sent by a person of visits, subject [0-9a-f]+, IAL2, AAL2, scope visits\.write/);
  });

  test("each of what must not pass is turned away with its code, and nothing is taken", async () => {
    const it = await withIssuer();
    // Of the moment in which each is sent, however long those before it have taken.
    const now = () => Math.floor(Date.now() / 1000);
    const unsigned = (alg: string) => `${Buffer.from(JSON.stringify({ alg, typ: "at+jwt" })).toString("base64url")}.${Buffer.from(JSON.stringify({ iss: issuer, aud: audience, sub: "x", exp: now() + 300 })).toString("base64url")}.`;
    expect(await it.post({})).toMatchObject({ status: 401, code: "IDN-201", challenge: "Bearer" });
    expect(await it.post({ authorization: `Bearer ${unsigned("none")}` })).toMatchObject({ status: 401, code: "IDN-202" });
    const key = new TextEncoder().encode(JSON.stringify(it.idp.state.keys[0]));
    const shared = await new SignJWT({ iss: issuer, aud: audience, sub: "x", exp: now() + 300 }).setProtectedHeader({ alg: "HS256", kid: "one" }).sign(key);
    expect(await it.post({ authorization: `Bearer ${shared}` })).toMatchObject({ status: 401, code: "IDN-202" });
    expect(await it.send({}, { typ: "logout+jwt" })).toMatchObject({ status: 401, code: "IDN-202" });
    expect(await it.send({ aud: "https://another.example" })).toMatchObject({ status: 401, code: "IDN-204" });
    expect(await it.send({ iss: "https://login.visits.example.evil" })).toMatchObject({ status: 401, code: "IDN-204" });
    expect(await it.send({ exp: now() - 61 })).toMatchObject({ status: 401, code: "IDN-203" });
    expect(await it.send({ nbf: now() + 90 })).toMatchObject({ status: 401, code: "IDN-203" });
    expect(await it.send({ exp: undefined })).toMatchObject({ status: 401, code: "IDN-203" });
    expect(await it.send({ sub: undefined })).toMatchObject({ status: 401, code: "IDN-202" });
    expect(await it.send({ cnf: { "x5t#S256": "AAAA" } })).toMatchObject({ status: 401, code: "IDN-208" });
    expect(await it.send({ scope: "visits.read" })).toMatchObject({ status: 403, code: "IDN-205", challenge: 'Bearer error="insufficient_scope"' });
    expect(await it.send({ acr: "low-acr" })).toMatchObject({ status: 403, code: "IDN-206", challenge: 'Bearer error="insufficient_user_authentication"' });
    expect(await it.send({ acr: "unheard-of" })).toMatchObject({ status: 403, code: "IDN-206" });
    // A skew of the clocks within the minute is none.
    expect(await it.send({ exp: now() - 30 })).toMatchObject({ status: 202 });
    expect(await it.send({ nbf: now() + 30 })).toMatchObject({ status: 202 });
    expect(it.onDisk.engine.operations.messages({ limit: 50 }).length).toBe(2);
  });

  test("keys rotated mid-flight: the new one is fetched at once, and unknown ones do not make the issuer busy", async () => {
    // All of it in one moment: after a quarter of a minute the issuer may be asked again.
    const clock = new ShiftedClock();
    const at = performance.now();
    clock.monotonic = () => at;
    const it = await withIssuer(undefined, "", clock);
    expect((await it.send()).status).toBe(202);
    for (let i = 0; i < 10; i++) expect(await it.send({}, { kid: `made-up-${i}` })).toMatchObject({ status: 401, code: "IDN-202" });
    expect(it.idp.state.asked).toBeLessThanOrEqual(2);
  });
});

/** Wall time goes with the machine's; the test moves it on. */
class ShiftedClock extends ManualClock {
  shift = 0;
  override now = () => Date.now() + this.shift;
  override monotonic = () => performance.now() + this.shift;
  override after = (ms: number, run: () => void) => systemClock.after(ms, run);
}

describe("an identity provider on a bad day", () => {
  async function shifted(extra = "") {
    const port = await freePort();
    const idp = await ownIssuer(port);
    const clock = new ShiftedClock();
    const it = await scene("{ token: visits }", { issuers: jwksIssuer(extra), partners: login(port), clock });
    const send = async () => {
      const now = Math.floor(clock.now() / 1000);
      return it.post({ authorization: `Bearer ${await tokenOf(idp, { exp: now + 300, iat: now })}` });
    };
    return { ...it, idp, clock, send };
  }

  test("rotated mid-flight", async () => {
    const it = await shifted();
    expect((await it.send()).status).toBe(202);
    it.clock.shift += 20_000;
    await it.idp.rotate("two");
    expect((await it.send()).status).toBe(202);
    expect(it.idp.state.asked).toBe(2);
  });

  test("down an hour: cached keys serve; past their time 503 and never 2xx; then it goes on", async () => {
    const it = await shifted(", keep: 2h");
    expect((await it.send()).status).toBe(202);
    it.idp.state.down = true;
    it.clock.shift += 3_600_000;
    expect((await it.send()).status).toBe(202);
    it.clock.shift += 3_700_000;
    expect(await it.send()).toMatchObject({ status: 503, code: "IDN-207" });
    it.idp.state.down = false;
    it.clock.shift += 20_000;
    expect((await it.send()).status).toBe(202);
    expect(it.onDisk.engine.operations.messages({ limit: 9 }).length).toBe(3);
  });

  test("down from the start: 503", async () => {
    const it = await shifted();
    it.idp.state.down = true;
    expect(await it.send()).toMatchObject({ status: 503, code: "IDN-207" });
  });
});

describe("opaque tokens, by introspection at oidc-provider", () => {
  test("an active one passes, a made-up one does not, and nobody passes while it is down", async () => {
    const port = await freePort();
    const secret = "a-secret-of-thirty-two-characters";
    const base = `http://127.0.0.1:${port}`;
    const client = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [], token_endpoint_auth_method: "client_secret_basic", client_secret: secret } as const;
    const idp = await identityProvider({ issuer: base, audience, scope: "visits.write", format: "opaque", clients: [{ client_id: "app", ...client }, { client_id: "sluice", ...client }] });
    ends.push(() => {
      idp.server.closeAllConnections();
      idp.server.close();
    });
    await new Promise<void>((resolve) => idp.server.listen(port, "127.0.0.1", resolve));
    const it = await scene("{ token: visits, scope: [visits.write] }", {
      issuers: `identity:\n  issuers:\n    visits: { issuer: "${base}", audience: "${audience}", introspection: { partner: login, endpoint: ask, credential: asker } }\n`,
      partners: `  login:
    kind: other
    endpoints: [{ id: ask, url: "${base}/token/introspection" }, { id: token, url: "${base}/token" }]
    credentials: { asker: { oauth2: { token: token, client: sluice, method: client_secret_basic, secret: "\${file:asker}" } } }
`,
      secrets: { asker: secret },
    });
    const answer = await fetch(`${base}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`app:${secret}`).toString("base64")}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "visits.write" }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect(await it.post({ authorization: `Bearer ${token}` })).toMatchObject({ status: 202 });
    expect(it.onDisk.engine.operations.message(1)?.principal).toMatchObject({ kind: "system", scopes: ["visits.write"] });
    expect(await it.post({ authorization: `Bearer ${token.slice(0, -1)}${token.endsWith("x") ? "y" : "x"}` })).toMatchObject({ status: 401, code: "IDN-203" });
    idp.told.down = true;
    expect(await it.post({ authorization: `Bearer ${token}` })).toMatchObject({ status: 503, code: "IDN-207" });
  });
});

describe("webhooks", () => {
  const body = '{"id":"evt_1","object":"event"}';
  const now = () => Math.floor(Date.now() / 1000);
  const hmac = (text: string, key = "whsec") => createHmac("sha256", key).update(text).digest("hex");

  test("stripe: signed and of now; the same event is not taken twice, also after a restart", async () => {
    const it = await scene('{ signature: { scheme: stripe, secret: "${file:hook}" } }', { secrets: { hook: "whsec" } });
    const sign = (time: number, key?: string, text = body) => ({ "stripe-signature": `t=${time},v0=${hmac("x")},v1=${hmac(`${time}.${text}`, key)}` });
    expect(await it.post({}, body)).toMatchObject({ status: 401, code: "IDN-209" });
    expect(await it.post(sign(now(), "another"), body)).toMatchObject({ status: 401, code: "IDN-209" });
    expect(await it.post(sign(now()), body.replace("evt_1", "evt_2"))).toMatchObject({ status: 401, code: "IDN-209" });
    expect(await it.post(sign(now() - 301), body)).toMatchObject({ status: 401, code: "IDN-210" });
    expect(await it.post(sign(now() + 330), body)).toMatchObject({ status: 401, code: "IDN-210" });
    const first = sign(now());
    expect(await it.post(first, body)).toMatchObject({ status: 202 });
    expect(await it.post(first, body)).toMatchObject({ status: 202 });
    await it.onDisk.restart();
    expect(await it.post(first, body)).toMatchObject({ status: 202 });
    expect(await it.post(sign(now() - 5), body)).toMatchObject({ status: 202 });
    expect(it.onDisk.engine.operations.messages({ limit: 9 }).length).toBe(1);
  });

  test("hmac-sha256: a header of the sender's, hex or base64, over time and body", async () => {
    const it = await scene('{ signature: { scheme: hmac-sha256, secret: "${file:hook}", header: X-Hub-Signature, timestamp: X-Time, tolerance: 1m } }', { secrets: { hook: "whsec" } });
    const time = String(now());
    expect(await it.post({ "x-time": time, "x-hub-signature": `sha256=${hmac(`${time}.${body}`)}` }, body)).toMatchObject({ status: 202 });
    expect(await it.post({ "x-time": time, "x-hub-signature": Buffer.from(hmac(`${time}.${body}`), "hex").toString("base64") }, body)).toMatchObject({ status: 202 });
    expect(await it.post({ "x-time": time, "x-hub-signature": hmac(body) }, body)).toMatchObject({ status: 401, code: "IDN-209" });
    const old = String(now() - 70);
    expect(await it.post({ "x-time": old, "x-hub-signature": hmac(`${old}.${body}`) }, body)).toMatchObject({ status: 401, code: "IDN-210" });
    expect(it.onDisk.engine.operations.messages({ limit: 9 }).length).toBe(1);
  });
});

test("a name and password", async () => {
  const it = await scene('{ basic: { user: lab, password: "${file:pw}" } }', { secrets: { pw: "s3cret:ä" } });
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
  expect(await it.post(basic("lab:s3cret"))).toMatchObject({ status: 401, code: "NET-109" });
  expect(await it.post(basic("lab:s3cret:ä"))).toMatchObject({ status: 202 });
  await eventually(() => it.onDisk.log.some((line) => line.includes("NET-109")));
});
