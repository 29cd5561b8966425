import ssh2 from "ssh2";
import { afterEach, expect, test } from "vitest";
import { SftpServer } from "../simulators/sftp-server.ts";
import { engineOnDisk, freePort, type OnDisk } from "../flow/engine-on-disk.ts";

/** Through the whole engine to an SSH server of the ssh2 package, and back. */
let running: OnDisk | undefined;
let server: SftpServer | undefined;
afterEach(async () => {
  await running?.close();
  await server?.close();
  running = server = undefined;
});

async function drop(login: Partial<ConstructorParameters<typeof SftpServer>[0]> = { password: "pass" }): Promise<{ server: SftpServer; port: number }> {
  const made = new SftpServer({ user: "sluice", ...login });
  for (const folder of ["/drop", "/drop/in", "/drop/out", "/drop/taken", "/drop/failed"]) made.folders.add(folder);
  server = made;
  return { server: made, port: await made.listen() };
}

async function started(port: number, fingerprint: string, { secret = "pass", login = 'password: "${file:drop}"', source = "" } = {}) {
  const http = await freePort();
  running = await engineOnDisk({
    "sluice.yaml": "name: drop\ndata: .sluice\nconsole: { port: 8099 }\n",
    "secrets/drop": secret,
    "partners.yaml": `partners:
  app:
    kind: internal
    links:
      inbound: { auth: none, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
  clinic:
    kind: provider
    endpoints:
      - { id: drop, url: "sftp://127.0.0.1:${port}/drop", login: { user: sluice, ${login} }, hostKeys: [ "${fingerprint}" ] }
    agreements:
      - { id: TREAT, basis: treatment, levels: [phi], purposes: [TREAT], effective: 2020-01-01, timezone: UTC }
    links:
      inbound: { auth: basic, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
      outbound: { auth: basic, allow: ["*"], limit: 1000/s, audit: full, phi: allowed }
`,
    "out.yaml": `channel: out
classification: phi
source: { partner: app, http: { port: ${http}, path: /files }, format: json }
destinations:
  drop:
    partner: clinic
    purpose: TREAT
    sftp: { directory: in, name: "F-{id}.json", timeout: 5s }
    retry: { initial: 100ms, max: 200ms }
`,
    "back.yaml": `channel: back
classification: phi
source:
  partner: clinic
  sftp: { directory: out, moveTo: taken, errorTo: failed, poll: 100ms, age: 200ms, ${source} }
  format: json
destinations:
  drop:
    partner: clinic
    purpose: TREAT
    sftp: { directory: in, name: "B-{id}.json" }
    retry: { initial: 100ms, max: 200ms }
`,
  });
  const post = (body: unknown) => fetch(`http://127.0.0.1:${http}/files`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { on: running, post };
}

const depth = ({ engine }: OnDisk, lane: string) => engine.operations.status().lanes.find((view) => view.lane === lane)?.depth;
const bodies = (from: SftpServer, prefix: string) => from.names("/drop/in").filter((name) => name.startsWith(prefix)).map((name) => from.files.get(`/drop/in/${name}`)?.bytes.toString());

test("a message is one file under its own name, whole; a connection that breaks at the rename leaves one file", async () => {
  const { server: partner, port } = await drop();
  const { on, post } = await started(port, partner.fingerprint);
  let breaks = 2;
  const early: string[] = [];
  partner.onFile = (path, bytes) => void (path.startsWith("/drop/in/F-") && early.push(bytes.toString()));
  partner.onRename = () => (breaks-- > 0 ? "close" : "do");
  const name = "MARGARET QUIGLEY";
  for (let n = 0; n < 5; n++) expect((await post({ n, name })).status).toBe(202);
  await expect.poll(() => depth(on, "out/drop")).toBe(0);
  expect(bodies(partner, "F-").toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => JSON.stringify({ n, name })));
  // Nothing half written ever stood under a message's name, and nothing unfinished is left.
  expect(early).toEqual([0, 1, 2, 3, 4].map((n) => JSON.stringify({ n, name })));
  expect(partner.names("/drop/in").filter((each) => each.startsWith("."))).toEqual([]);
  expect(on.log.join("\n") + partner.names("/drop/in").join("\n")).not.toMatch(/QUIGLEY/);
});

test("a file that stands still is taken once, in the order of names; a growing one waits; a duplicate is recognised; a restart repeats nothing", async () => {
  const { server: partner, port } = await drop();
  for (const n of [1, 2, 3]) partner.put(`/drop/out/QUIGLEY-${n}.json`, JSON.stringify({ n }));
  const { on } = await started(port, partner.fingerprint, { source: "duplicates: skip" });
  await expect.poll(() => bodies(partner, "B-").length).toBe(3);
  // Half written: it grows between two looks, and is one message when it is whole.
  partner.put("/drop/out/z.json", '{"n":4,');
  const grown = setTimeout(() => partner.put("/drop/out/z.json", '{"n":4}'), 150);
  await expect.poll(() => bodies(partner, "B-").length).toBe(4);
  clearTimeout(grown);
  await on.restart();
  partner.put("/drop/out/again.json", JSON.stringify({ n: 2 }));
  partner.put("/drop/out/last.json", JSON.stringify({ n: 5 }));
  await expect.poll(() => partner.names("/drop/out").length).toBe(0);
  await expect.poll(() => depth(on, "back/drop")).toBe(0);
  expect(bodies(partner, "B-").toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => JSON.stringify({ n })));
  expect(partner.names("/drop/taken")).toHaveLength(6);
  expect(on.log.join("\n")).not.toMatch(/QUIGLEY|again\.json/);
});

test("what the channel refuses goes to errorTo, and the next is taken", async () => {
  const { server: partner, port } = await drop();
  partner.put("/drop/out/a.json", "no JSON: QUIGLEY");
  partner.put("/drop/out/b.json", "{}");
  const { on } = await started(port, partner.fingerprint);
  await expect.poll(() => bodies(partner, "B-")).toEqual(["{}"]);
  // It is moved once it is stored, and delivered beside that.
  await expect.poll(() => [partner.names("/drop/failed"), partner.names("/drop/taken")]).toEqual([["a.json"], ["b.json"]]);
  await expect.poll(() => on.log.join("\n")).toContain("FIL-103");
  expect(on.log.join("\n")).not.toMatch(/QUIGLEY/);
});

test("a host key that is not pinned is refused before a login is shown", async () => {
  const { server: partner, port } = await drop();
  const { on, post } = await started(port, `SHA256:${"A".repeat(43)}`);
  expect((await post({ n: 1 })).status).toBe(202);
  await expect.poll(() => on.log.join("\n")).toContain("SFT-101");
  expect([partner.logins, partner.names("/drop/in"), depth(on, "out/drop")]).toEqual([[], [], 1]);
});

test("a wrong password waits with a code; a key logs in, and no password is tried beside it", async () => {
  const wrong = await drop();
  const refused = await started(wrong.port, wrong.server.fingerprint, { secret: "s3cret-not-right" });
  expect((await refused.post({ n: 1 })).status).toBe(202);
  await expect.poll(() => refused.on.log.join("\n")).toContain("SFT-102");
  expect(refused.on.log.join("\n")).not.toContain("s3cret");
  await refused.on.close();
  await wrong.server.close();

  const pair = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });
  const keyed = await drop({ publicKey: pair.public });
  const { on, post } = await started(keyed.port, keyed.server.fingerprint, { secret: pair.private, login: 'key: "${file:drop}"' });
  expect((await post({ n: 1 })).status).toBe(202);
  await expect.poll(() => depth(on, "out/drop")).toBe(0);
  expect(new Set(keyed.server.logins)).toEqual(new Set(["publickey"]));
});

test("lint wants the five decisions and an endpoint of a source that asks", async () => {
  const { server: partner, port } = await drop();
  await expect(started(port, partner.fingerprint, { login: 'password: "${file:drop}", key: "${file:drop}"' })).rejects.toMatchObject({ code: "RUN-101" });
});
