import { createHmac, createSecretKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";
import { encoded, SamlIssuer } from "../simulators/saml-issuer.ts";

const base = { issuer: "https://login.hospital.example/saml", audience: "https://sluice.example", recipient: "https://sluice.example/visits" };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Scene {
  readonly onDisk: OnDisk;
  readonly idp: SamlIssuer;
  post(xml: string | undefined): Promise<{ status: number; code: string | undefined }>;
}

async function scene(auth = "{ token: hospital, scope: [visits.write], aal: 2 }", certificate = "tls/one.pem"): Promise<Scene> {
  const [port, sink] = [await freePort(), await freePort()];
  const server = createServer((request, response) => request.resume().on("end", () => response.end()));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(sink, "127.0.0.1", resolve));
  const idp = new SamlIssuer(base);
  const link = "limit: 1000/s, audit: metadata, phi: allowed";
  const onDisk = await engineOnDisk({
    "sluice.yaml": `name: saml
sandbox: { walls: reduced }
identity:
  issuers:
    hospital:
      issuer: "${base.issuer}"
      audience: "${base.audience}"
      saml: { certificates: [tls/one.pem, tls/two.pem], recipient: "${base.recipient}" }
      assurance: { "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken": { ial: 2, aal: 2 } }
`,
    [certificate]: idp.publicPem,
    "partners.yaml": `partners:
  app: { kind: provider, links: { inbound: { auth: none, allow: ["*"], ${link} } } }
  ehr:
    kind: provider
    endpoints: [{ id: in, url: "http://127.0.0.1:${sink}/" }]
    agreements: [{ id: T, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }]
    links: { outbound: { auth: none, allow: ["*"], ${link} } }
`,
    "visits.yaml": `channel: visits
classification: phi
source: { partner: app, http: { port: ${port}, path: /visits, auth: ${auth} }, format: json }
destinations:
  ehr: { partner: ehr, purpose: TREAT, http: {} }
`,
  });
  ends.push(() => onDisk.close());
  const post = async (xml: string | undefined) => {
    const response = await fetch(`http://127.0.0.1:${port}/visits`, { method: "POST", headers: xml === undefined ? {} : { authorization: `Bearer ${encoded(xml)}` }, body: '{"visit":1}' });
    const text = await response.text();
    expect(text).not.toContain("rivera");
    return { status: response.status, code: (JSON.parse(text) as { code?: string }).code };
  };
  return { onDisk, idp, post };
}

const taken = ({ onDisk }: Scene) => onDisk.engine.operations.messages({ limit: 50 }).length;

test("an assertion lets its subject in once, and who that was is kept with the message", async () => {
  const it = await scene();
  const xml = it.idp.assertion();
  expect(await it.post(xml)).toMatchObject({ status: 202 });
  expect(it.onDisk.engine.operations.message(1)?.principal).toMatchObject({ issuer: "hospital", kind: "person", scopes: ["visits.write"], ial: 2, aal: 2 });
  expect(await it.post(xml)).toEqual({ status: 401, code: "SAM-105" });
  await it.onDisk.restart();
  expect(await it.post(xml)).toEqual({ status: 401, code: "SAM-105" });
  // The same one, encoded or signed anew, is the same one.
  expect(await it.post(`${xml}\n`)).toEqual({ status: 401, code: "SAM-105" });
  expect(await it.post(it.idp.assertion())).toMatchObject({ status: 202 });
  expect(taken(it)).toBe(2);
  expect(it.onDisk.log.join("\n")).not.toContain("rivera");
});

test("whom it is for, of whom, and when", async () => {
  const it = await scene();
  const send = (said: Parameters<SamlIssuer["assertion"]>[0]) => it.post(it.idp.assertion(said));
  expect(await it.post(undefined)).toEqual({ status: 401, code: "IDN-201" });
  expect(await send({ audience: "https://another.example" })).toEqual({ status: 401, code: "SAM-104" });
  expect(await send({ conditions: "<saml:AudienceRestriction><saml:Audience>https://another.example</saml:Audience></saml:AudienceRestriction>" })).toEqual({ status: 401, code: "SAM-104" });
  expect(await send({ recipient: "https://another.example/acs" })).toEqual({ status: 401, code: "SAM-104" });
  expect(await send({ issuer: `${base.issuer}.evil` })).toEqual({ status: 401, code: "SAM-104" });
  expect(await send({ inResponseTo: "_somebody-asked" })).toEqual({ status: 401, code: "SAM-104" });
  expect(await send({ conditions: '<saml:Condition xmlns:x="urn:x" />' })).toEqual({ status: 401, code: "SAM-101" });
  expect(await send({ notOnOrAfter: -61_000 })).toEqual({ status: 401, code: "SAM-103" });
  expect(await send({ confirmedUntil: -61_000 })).toEqual({ status: 401, code: "SAM-103" });
  expect(await send({ notBefore: 90_000 })).toEqual({ status: 401, code: "SAM-103" });
  expect(await send({ issued: 90_000 })).toEqual({ status: 401, code: "SAM-103" });
  expect(await send({ notOnOrAfter: 90_000_000, confirmedUntil: 90_000_000 })).toEqual({ status: 401, code: "SAM-103" });
  expect(await send({ scope: ["visits.read"] })).toEqual({ status: 403, code: "IDN-205" });
  expect(await send({ context: "urn:oasis:names:tc:SAML:2.0:ac:classes:Password" })).toEqual({ status: 403, code: "IDN-206" });
  expect(await send({ subject: "" })).toEqual({ status: 401, code: "SAM-101" });
  expect(taken(it)).toBe(0);
  // A skew of the clocks within the minute is none.
  expect(await send({ notOnOrAfter: -30_000 })).toMatchObject({ status: 202 });
  expect(await send({ notBefore: 30_000, issued: 30_000 })).toMatchObject({ status: 202 });
});

test("how it is signed", async () => {
  const it = await scene();
  const other = new SamlIssuer(base);
  const sha1 = "http://www.w3.org/2000/09/xmldsig#";
  expect(await it.post(it.idp.unsigned())).toEqual({ status: 401, code: "SAM-101" });
  expect(await it.post(other.assertion())).toEqual({ status: 401, code: "SAM-102" });
  expect(await it.post(it.idp.assertion({}, { signature: `${sha1}rsa-sha1` }))).toEqual({ status: 401, code: "SAM-102" });
  expect(await it.post(it.idp.assertion({}, { digest: `${sha1}sha1` }))).toEqual({ status: 401, code: "SAM-102" });
  expect(await it.post(it.idp.assertion({}, { transforms: ["http://www.w3.org/2001/10/xml-exc-c14n#"] }))).toEqual({ status: 401, code: "SAM-102" });
  // The public key taken for a shared one.
  const hmac = it.idp.assertion().replace("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", `${sha1}hmac-sha1`);
  const mac = createHmac("sha1", createSecretKey(Buffer.from(it.idp.publicPem))).update(hmac).digest("base64");
  expect(await it.post(hmac.replace(/(<ds:SignatureValue>)[^<]*/, `$1${mac}`))).toEqual({ status: 401, code: "SAM-102" });
  // A key that the message brings along.
  const brought = other.assertion().replace("</ds:Signature>", `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${Buffer.from(other.publicPem).toString("base64")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`);
  expect(await it.post(brought)).toEqual({ status: 401, code: "SAM-102" });
  expect(await it.post(it.idp.assertion().replace("jane.rivera", "jack.rivera"))).toEqual({ status: 401, code: "SAM-102" });
  expect(await it.post(it.idp.assertion({}, { signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", digest: "http://www.w3.org/2001/04/xmlenc#sha512" }))).toMatchObject({ status: 202 });
  expect(taken(it)).toBe(1);
});

test("the issuer rotates its key: both are taken while both stand there, and none is 503", async () => {
  const it = await scene();
  const old = it.idp.assertion();
  it.idp.rotate();
  expect(await it.post(it.idp.assertion())).toEqual({ status: 401, code: "SAM-102" });
  writeFileSync(join(it.onDisk.root, "tls/two.pem"), it.idp.publicPem);
  expect(await it.post(it.idp.assertion())).toMatchObject({ status: 202 });
  expect(await it.post(old)).toMatchObject({ status: 202 });
  // A key that is too short is none.
  it.idp.rotate(1024);
  for (const name of ["one", "two"]) writeFileSync(join(it.onDisk.root, `tls/${name}.pem`), it.idp.publicPem);
  expect(await it.post(it.idp.assertion())).toEqual({ status: 503, code: "IDN-207" });
});

test("an issuer without any certificate stops the start", async () => {
  await expect(scene(undefined, "tls/elsewhere.pem")).rejects.toMatchObject({ diagnostics: [{ code: "CFG-245", message: expect.stringContaining("none of these files is there") }] });
});

describe("what several readers could read differently is taken by none", () => {
  const signatureOf = (xml: string) => /<ds:Signature .*<\/ds:Signature>/s.exec(xml)?.[0] ?? "";
  /** Ways of the eight known wrappings (XSW1 to XSW8) for an assertion that stands by itself, and others. */
  const attacks: readonly (readonly [string, (it: Scene) => string])[] = [
    ["the signed one inside a forged one", ({ idp }) => forged(idp).replace("</saml:Assertion>", `<saml:Advice>${idp.assertion()}</saml:Advice></saml:Assertion>`)],
    ["the signed one inside a forged one, its signature outside", ({ idp }) => wrapped(idp, (signed, signature) => forged(idp).replace("</saml:Issuer>", `</saml:Issuer>${signature}`).replace("</saml:Assertion>", `<saml:Advice>${signed.replace(signature, "")}</saml:Advice></saml:Assertion>`))],
    ["the signed one inside its own signature", ({ idp }) => wrapped(idp, (signed, signature) => forged(idp).replace("</saml:Issuer>", `</saml:Issuer>${signature.replace("</ds:Signature>", `<ds:Object>${signed.replace(signature, "")}</ds:Object></ds:Signature>`)}`))],
    ["a forged one inside the signed one", ({ idp }) => idp.assertion().replace("</saml:Assertion>", `<saml:Advice>${forged(idp)}</saml:Advice></saml:Assertion>`)],
    ["one beside the other", ({ idp }) => `<saml:Response xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${forged(idp)}${idp.assertion()}</saml:Response>`],
    ["in a Response", ({ idp }) => `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">${idp.assertion()}</samlp:Response>`],
    ["two of the same id", ({ idp }) => wrapped(idp, (signed, signature) => forged(idp, "_same").replace("</saml:Issuer>", `</saml:Issuer>${signature}`).replace("</saml:Assertion>", `<saml:Evidence ID="_same">${signed}</saml:Evidence></saml:Assertion>`), "_same")],
    ["another id in another case", ({ idp }) => wrapped(idp, (signed) => signed.replace("<saml:Subject>", '<saml:Subject Id="_same">'), "_same")],
    ["two signatures", ({ idp }) => wrapped(idp, (signed, signature) => signed.replace(signature, `${signature}${signature}`))],
    ["a signature that covers another element", ({ idp }) => idp.assertion().replace(/URI="#[^"]*"/, 'URI=""')],
    ["a reference to nothing of its own", ({ idp }) => idp.assertion().replace(/<ds:Reference /, '<ds:Reference URI="#x"/><ds:Reference ')],
    ["a DOCTYPE", ({ idp }) => `<!DOCTYPE saml:Assertion [<!ENTITY who "admin">]>${idp.assertion()}`],
    ["a DOCTYPE that fetches", ({ idp }) => `<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">${idp.assertion()}`],
    ["an entity", ({ idp }) => idp.assertion().replace("jane.rivera", "&who;")],
    ["a comment in the name", ({ idp }) => idp.assertion({ subject: "jane.rivera.evil" }).replace("jane.rivera.evil", "jane.rivera<!---->.evil")],
    ["a signed comment in the name", ({ idp }) => idp.assertion({ subject: "admin<!-- x -->.evil" })],
    ["a section in the name", ({ idp }) => idp.assertion({ subject: "<![CDATA[jane.rivera]]>" })],
    ["an instruction", ({ idp }) => idp.assertion().replace("<saml:Issuer>", "<?x y?><saml:Issuer>")],
    ["a prefix that nobody declared", ({ idp }) => idp.assertion().replace("<saml:Advice", "<x:Advice").replace("</saml:Subject>", "</saml:Subject><x:y/>")],
    ["elements of another namespace", ({ idp }) => idp.assertion().replaceAll("urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:1.0:assertion")],
    ["version 1.1", ({ idp }) => idp.sign(idp.unsigned().replace('Version="2.0"', 'Version="1.1"'))],
    ["an encrypted subject", ({ idp }) => idp.sign(idp.unsigned().replace(/<saml:NameID>.*<\/saml:NameID>/, "<saml:EncryptedID/>"))],
    ["two subjects", ({ idp }) => idp.sign(idp.unsigned().replace("</saml:Subject>", "</saml:Subject><saml:Subject><saml:NameID>admin</saml:NameID></saml:Subject>"))],
    ["two names", ({ idp }) => idp.sign(idp.unsigned().replace("</saml:NameID>", "</saml:NameID><saml:NameID>admin</saml:NameID>"))],
    ["elements far inside each other", ({ idp }) => idp.sign(idp.unsigned().replace("</saml:AttributeStatement>", `${"<saml:x>".repeat(40)}${"</saml:x>".repeat(40)}</saml:AttributeStatement>`))],
    ["no XML", () => "jane.rivera"],
  ];

  test("each is turned away, and nothing is taken", async () => {
    const it = await scene("{ token: hospital }");
    for (const [name, attack] of attacks) {
      const { status, code } = await it.post(attack(it));
      expect([name, status, /^SAM-10[12]$/.test(code ?? "")]).toEqual([name, 401, true]);
    }
    expect(taken(it)).toBe(0);
    // What was tried has used up nothing.
    expect(await it.post(it.idp.assertion({ id: "_same" }))).toMatchObject({ status: 202 });
  });

  function forged(idp: SamlIssuer, id?: string): string {
    return idp.unsigned({ subject: "admin", ...(id !== undefined && { id }) });
  }

  function wrapped(idp: SamlIssuer, how: (signed: string, signature: string) => string, id?: string): string {
    const signed = idp.assertion(id === undefined ? {} : { id });
    return how(signed, signatureOf(signed));
  }
});
