import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { InboundWire } from "../../sdk/index.ts";
import { Certificates } from "./certificates.fixture.ts";
import { loopback, released, until } from "./loopback.fixture.ts";

const made = new Certificates();
let ca = "";
beforeAll(() => {
  ca = made.authority("ca");
  for (const name of ["one", "two"]) made.issue(name, ca, "IP:127.0.0.1");
  mkdirSync(join(made.folder, "live"));
});
afterAll(() => made.remove());

let net: ReturnType<typeof loopback>;
const ends: (() => void)[] = [];
beforeEach(() => {
  use("one");
  net = loopback(made.resolvePath);
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await net.close();
});

const tls = { cert: "live/server.pem", key: "live/server.key" };
const live = (file: string) => join(made.folder, "live", file);
function use(name: string): void {
  copyFileSync(made.resolvePath(`${name}.pem`), live("server.pem"));
  copyFileSync(made.resolvePath(`${name}.key`), live("server.key"));
}

const shout = (wire: InboundWire) => wire.onData((chunk) => wire.reply(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase())));

/** A connection that stays, with what it heard and who the server said it is. */
async function connection(port: number) {
  const socket: TLSSocket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  ends.push(() => socket.destroy());
  const heard = { text: "", closed: false };
  socket.on("data", (chunk) => (heard.text += chunk));
  socket.on("close", () => (heard.closed = true));
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  return { socket, heard, name: String(socket.getPeerCertificate().subject.CN) };
}

test("a listener takes renewed files; connections stay, and new ones see the new certificate", async () => {
  const { port } = await net.inbound.listen({ port: 0, tls }, shout);
  const before = await connection(port);
  expect(net.inbound.renewTls()).toEqual([]);
  use("two");
  expect(net.inbound.renewTls()).toEqual([port]);
  expect(net.inbound.renewTls()).toEqual([]);
  const after = await connection(port);
  expect([before.name, after.name]).toEqual(["one", "two"]);
  before.socket.write("still here");
  await until(() => before.heard.text === "STILL HERE");
  expect(before.heard.closed).toBe(false);
});

test("files that do not belong together change nothing, and are said once; whole again, they are taken", async () => {
  const { port } = await net.inbound.listen({ port: 0, tls }, shout);
  copyFileSync(made.resolvePath("two.pem"), live("server.pem"));
  expect(net.inbound.renewTls()).toEqual([]);
  expect(net.inbound.renewTls()).toEqual([]);
  expect(net.problems).toEqual(["NET-103"]);
  expect((await connection(port)).name).toBe("one");
  writeFileSync(live("server.pem"), "half");
  net.inbound.renewTls();
  use("two");
  expect(net.inbound.renewTls()).toEqual([port]);
  expect((await connection(port)).name).toBe("two");
});

test("a port of routes does the same", async () => {
  const { port } = await net.inbound.serve({ port: 0, method: "POST", path: "/a", maxBody: 100, tls }, async () => ({ status: 200 }));
  const asked = () =>
    new Promise<string>((resolve, reject) => {
      const call = request({ port, host: "127.0.0.1", path: "/a", method: "POST", rejectUnauthorized: false, agent: false }, (response) => {
        resolve(String((response.socket as TLSSocket).getPeerCertificate().subject.CN));
        response.resume();
      });
      call.on("error", reject);
      call.end("x");
    });
  expect(await asked()).toBe("one");
  use("two");
  expect(net.inbound.renewTls()).toEqual([port]);
  expect(await asked()).toBe("two");
});

test("what we present and trust toward a partner is renewed too: the next request is made with it", async () => {
  const other = made.authority("other");
  copyFileSync(made.resolvePath(other), live("trusted.pem"));
  const { port } = await net.inbound.serve({ port: 0, method: "POST", path: "/a", maxBody: 100, tls }, async () => ({ status: 200 }));
  const id = net.pin(`https://127.0.0.1:${port}/a`, { ca: "live/trusted.pem" });
  const way = net.outbound.forDestination();
  const send = () => way.request(released(id, "x"), AbortSignal.timeout(60_000)).then(({ status }) => status, (error: { code: string }) => error.code);
  expect(await send()).not.toBe(200);
  copyFileSync(made.resolvePath(ca), live("trusted.pem"));
  expect(await send()).not.toBe(200);
  expect(net.outbound.renewTls(() => {})).toBe(1);
  expect(await send()).toBe(200);
});
