import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Certificates } from "../../engine/runtime/net/certificates.fixture.ts";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";

const issuer = "https://login.visits.example";
const audience = "https://sluice.example";

/** Real TLS sockets; certificates by the machine's openssl. */
describe("senders with client certificates", () => {
  const certificates = new Certificates();
  const ends: (() => unknown)[] = [() => certificates.remove()];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  let onDisk: OnDisk;
  let port = 0;
  let key: CryptoKey;

  beforeAll(async () => {
    for (const authority of ["ours", "theirs"]) certificates.authority(authority);
    certificates.issue("server", "ours.pem", "IP:127.0.0.1");
    certificates.issue("lab", "ours.pem", "DNS:Sender.Lab.example,URI:urn:example:lab");
    certificates.issue("other", "ours.pem", "DNS:other.example");
    certificates.issue("stranger", "theirs.pem", "DNS:sender.lab.example");
    const pair = await generateKeyPair("ES256", { extractable: true });
    key = pair.privateKey as CryptoKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "ES256", use: "sig" };
    const [keys, sink] = [await freePort(), await freePort()];
    port = await freePort();
    for (const [at, body] of [[keys, JSON.stringify({ keys: [jwk] })], [sink, ""]] as const) {
      const server = createServer((asked, response) => asked.resume().on("end", () => response.end(body)));
      ends.push(() => {
        server.closeAllConnections();
        server.close();
      });
      await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
    }
    const link = 'allow: ["*"], limit: 1000/s, audit: metadata, phi: allowed';
    const tls = "tls: { cert: tls/server.pem, key: tls/server.key, ca: tls/ours.pem }";
    const channel = (name: string, auth: string) => `channel: ${name}
classification: phi
source: { partner: lab, http: { port: ${port}, path: /${name}, ${tls}, auth: ${auth} }, format: json }
destinations:
  ehr: { partner: ehr, purpose: TREAT, http: {} }
`;
    onDisk = await engineOnDisk({
      "sluice.yaml": `name: certificates\nsandbox: { walls: reduced }\nidentity:\n  issuers:\n    visits: { issuer: "${issuer}", audience: "${audience}", jwks: { partner: login, endpoint: keys } }\n`,
      ...Object.fromEntries(["server.pem", "server.key", "ours.pem"].map((file) => [`tls/${file}`, readFileSync(certificates.resolvePath(file), "utf8")])),
      "partners.yaml": `partners:
  lab: { kind: lab, links: { inbound: { auth: mtls, ${link} } } }
  login: { kind: other, endpoints: [{ id: keys, url: "http://127.0.0.1:${keys}/jwks" }] }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "http://127.0.0.1:${sink}/" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: { auth: none, ${link} } }
`,
      "by-name.yaml": channel("by-name", '{ certificate: ["dns:sender.lab.example"] }'),
      "by-hash.yaml": channel("by-hash", `{ certificate: ["sha256:${createHash("sha256").update(der("other")).digest("hex")}"] }`),
      "by-token.yaml": channel("by-token", "{ token: visits }"),
    });
    ends.push(() => onDisk.close());
  });

  const der = (name: string) => new X509Certificate(readFileSync(certificates.resolvePath(`${name}.pem`))).raw;
  const thumbprint = (name: string) => createHash("sha256").update(der(name)).digest("base64url");

  /** `closed`: TLS itself let nobody in. */
  function post(path: string, who: string | undefined, headers: Record<string, string> = {}): Promise<{ status: number; code?: string } | "closed"> {
    const shown = who === undefined ? {} : { cert: readFileSync(certificates.resolvePath(`${who}.pem`)), key: readFileSync(certificates.resolvePath(`${who}.key`)) };
    return new Promise((resolve) => {
      const asked = request({ host: "127.0.0.1", port, path, method: "POST", ca: readFileSync(certificates.resolvePath("ours.pem")), agent: false, headers, ...shown }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, ...(body.startsWith("{") && { code: (JSON.parse(body) as { code?: string }).code }) }));
      });
      asked.on("error", () => resolve("closed"));
      asked.end('{"n":1}');
    });
  }

  const token = (cnf?: object) => new SignJWT({ iss: issuer, aud: audience, sub: "lab-client", client_id: "lab-client", ...(cnf && { cnf }) }).setProtectedHeader({ alg: "ES256", kid: "one", typ: "at+jwt" }).setExpirationTime("5m").sign(key);

  test("without one, or with one of another authority, there is no connection", async () => {
    expect(await post("/by-name", undefined)).toBe("closed");
    expect(await post("/by-name", "stranger")).toBe("closed");
  });

  test("who may send is said by name or by hash, and kept with the message", async () => {
    expect(await post("/by-name", "lab")).toMatchObject({ status: 202 });
    const { principal } = onDisk.engine.operations.message(1) ?? {};
    expect(principal).toMatchObject({ issuer: "certificate", kind: "system" });
    expect(JSON.stringify(principal)).not.toContain("lab.example");
    expect(await post("/by-name", "other")).toEqual({ status: 403, code: "IDN-211" });
    expect(await post("/by-hash", "other")).toMatchObject({ status: 202 });
    expect(await post("/by-hash", "lab")).toEqual({ status: 403, code: "IDN-211" });
  });

  test("a token that is bound to a certificate comes over a connection that shows it (RFC 8705)", async () => {
    const bound = { authorization: `Bearer ${await token({ "x5t#S256": thumbprint("lab") })}` };
    expect(await post("/by-token", "lab", bound)).toMatchObject({ status: 202 });
    expect(await post("/by-token", "other", bound)).toEqual({ status: 401, code: "IDN-208" });
    expect(await post("/by-token", "lab", { authorization: `Bearer ${await token({ "x5t#S256": thumbprint("stranger") })}` })).toEqual({ status: 401, code: "IDN-208" });
    expect(await post("/by-token", "lab", { authorization: `Bearer ${await token({ jkt: "another way of binding" })}` })).toEqual({ status: 401, code: "IDN-208" });
    expect(await post("/by-token", "other", { authorization: `Bearer ${await token()}` })).toMatchObject({ status: 202 });
  });
});
