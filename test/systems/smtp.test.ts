import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Certificates } from "../../engine/runtime/net/certificates.fixture.ts";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";

/** Through the whole engine to a mail server of the smtp-server package. */
let certificates: Certificates;
beforeAll(() => {
  certificates = new Certificates();
  certificates.issue("mail", certificates.authority("ca"), "DNS:localhost");
});
afterAll(() => certificates.remove());

let running: OnDisk | undefined;
let server: SMTPServer | undefined;
afterEach(async () => {
  await running?.close();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  running = server = undefined;
});

interface Mail {
  readonly secure: boolean;
  readonly user: string;
  readonly to: readonly string[];
  readonly text: string;
}

async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[]; heard: string[] }> {
  const [mails, heard]: [Mail[], string[]] = [[], []];
  const read = (file: string) => readFileSync(certificates.resolvePath(file));
  server = new SMTPServer({
    cert: read("mail.pem"),
    key: read("mail.key"),
    disableReverseLookup: true,
    authOptional: false,
    onAuth({ username, password }, session, done) {
      heard.push(`${session.secure ? "tls" : "plain"} ${session.hostNameAppearsAs}`);
      if (username === "sluice" && password === "pass") done(null, { user: username });
      else done(new Error("wrong"));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push({ secure: session.secure === true, user: String(session.user), to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", () => resolve()));
  return { port: (server.server.address() as AddressInfo).port, mails, heard };
}

async function started(endpoint: string, { kind = "other", password = "pass" } = {}) {
  const http = await freePort();
  running = await engineOnDisk({
    "sluice.yaml": "name: mail\ndata: .sluice\nconsole: { port: 8099 }\n",
    "secrets/mail": password,
    "tls/ca.pem": readFileSync(certificates.resolvePath("ca.pem"), "utf8"),
    "partners.yaml": `partners:
  app:
    kind: internal
    links:
      inbound: { auth: none, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
  mailer:
    kind: ${kind}
    endpoints:
      - { id: mail, url: "${endpoint}", login: { user: sluice, password: "\${file:mail}" }, tls: { ca: tls/ca.pem } }
    agreements:
      - { id: BAA-1, basis: baa, levels: [phi], purposes: [HOPERAT], effective: 2020-01-01, timezone: UTC }
    links:
      outbound: { auth: tls, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
`,
    "mail.yaml": `channel: mail
classification: phi
source: { partner: app, http: { port: ${http}, path: /mails }, format: json }
destinations:
  mail:
    partner: mailer
    purpose: HOPERAT
    format: json
    smtp: { from: interfaces@clinic.example, to: [oncall@clinic.example, desk@clinic.example], subject: "Interface report", timeout: 5s }
    retry: { initial: 100ms, max: 200ms }
`,
  });
  const post = (body: unknown) => fetch(`http://127.0.0.1:${http}/mails`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { on: running, post };
}

const depth = ({ engine }: OnDisk) => engine.operations.status().lanes.find((view) => view.lane === "mail/mail")?.depth;
const report = { patient: "MARGARET QUIGLEY", note: "é\n.\nend" };

test.each([
  ["smtp", {}],
  ["smtps", { secure: true }],
] as const)("%s: TLS before the login, a constant head, and the body byte for byte", async (scheme, options) => {
  const { port, mails, heard } = await mailServer(options);
  const { on, post } = await started(`${scheme}://localhost:${port}`);
  expect((await post(report)).status).toBe(202);
  await expect.poll(() => depth(on)).toBe(0);
  expect(mails).toMatchObject([{ secure: true, user: "sluice", to: ["oncall@clinic.example", "desk@clinic.example"] }]);
  const [head = "", body = ""] = mails[0]?.text.split("\r\n\r\n") ?? [];
  expect(head).toContain("Subject: Interface report");
  expect(head).toContain("From: interfaces@clinic.example");
  expect(head).not.toMatch(/QUIGLEY/);
  expect(Buffer.from(body, "base64").toString()).toBe(JSON.stringify(report));
  // The machine's own name is not told.
  expect(heard).toEqual([expect.stringMatching(/^tls (sluice\.invalid|\[127\.0\.0\.1\])$/)]);
});

test("a server without TLS is shown no login and no mail", async () => {
  const { port, mails, heard } = await mailServer({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true });
  const { on, post } = await started(`smtp://localhost:${port}`);
  expect((await post(report)).status).toBe(202);
  await expect.poll(() => on.log.join("\n")).toMatch(/SMT-10[24]/);
  expect([mails, heard, depth(on)]).toEqual([[], [], 1]);
});

test("a wrong password and refused recipients keep the lane waiting; a refused body ends its message; no text of the server is told", async () => {
  const wrong = await mailServer();
  const refused = await started(`smtp://localhost:${wrong.port}`, { password: "not-the-one" });
  expect((await refused.post(report)).status).toBe(202);
  await expect.poll(() => refused.on.log.join("\n")).toContain("SMT-101");
  expect(depth(refused.on)).toBe(1);
  await refused.on.close();

  const strict = await mailServer({ onRcptTo: (_, __, done) => done(Object.assign(new Error("no QUIGLEY here"), { responseCode: 550 })) });
  const waiting = await started(`smtp://localhost:${strict.port}`);
  expect((await waiting.post(report)).status).toBe(202);
  await expect.poll(() => waiting.on.log.join("\n")).toContain("SMT-104");
  expect(depth(waiting.on)).toBe(1);
  await waiting.on.close();

  const full = await mailServer({ onData: (stream, _, done) => void stream.resume().on("end", () => done(Object.assign(new Error("QUIGLEY is spam"), { responseCode: 554 }))) });
  const { on, post } = await started(`smtp://localhost:${full.port}`);
  expect((await post(report)).status).toBe(202);
  await expect.poll(() => depth(on)).toBe(0);
  await expect.poll(() => on.log.join("\n")).toContain("SMT-201");
  for (const { log } of [refused.on, waiting.on, on]) expect(log.join("\n")).not.toMatch(/QUIGLEY|not-the-one|spam/);
});

test("a mail service of kind email gets nothing about a person, whatever it has signed", async () => {
  const { port } = await mailServer();
  await expect(started(`smtp://localhost:${port}`, { kind: "email" })).rejects.toMatchObject({ code: "RUN-101" });
});
