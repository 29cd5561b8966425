import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Certificates } from "./certificates.fixture.ts";
import { codeOfFailure, loopback, released, until } from "./loopback.fixture.ts";
import { targetOf } from "./target.ts";

const never = new AbortController().signal;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
let net: ReturnType<typeof loopback>;
const servers: { close(): unknown }[] = [];
const sockets: Socket[] = [];
let certificates: Certificates;
beforeAll(() => {
  certificates = new Certificates();
  certificates.issue("mail", certificates.authority("ca"), "DNS:localhost");
});
afterAll(() => certificates.remove());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await net.close();
});

/** Says what it hears, in capitals. */
async function shouting(): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("data", (chunk: Buffer) => socket.write(text(chunk).toUpperCase()));
    socket.on("error", () => {});
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

test("a library talks over a stream that can connect nowhere else, and gets the released body once", async () => {
  net = loopback();
  const way = net.outbound.forDestination();
  const endpoint = net.pin(`sftp://127.0.0.1:${await shouting()}/in/claims`);
  const one = released(endpoint, "claim");
  const opened = await way.stream(one, undefined, never);
  expect(opened).toMatchObject({ path: "/in/claims", host: "127.0.0.1", hostKeys: [] });
  expect([opened.tls, "connect" in opened.stream, "remoteAddress" in opened.stream]).toEqual([undefined, false, false]);
  let heard = "";
  opened.stream.on("data", (chunk: Uint8Array) => (heard += text(chunk)));
  opened.stream.write(opened.body());
  await until(() => heard === "CLAIM");
  opened.body().fill(0);
  expect(text(opened.body())).toBe("claim");
  expect(await codeOfFailure(way.stream(one, undefined, never))).toEqual({ code: "NET-214", sent: false });
  expect(await codeOfFailure(way.stream({ ...one }, undefined, never))).toEqual({ code: "NET-201", sent: false });
});

test("what was opened is given back while it is open and its endpoint the same", async () => {
  net = loopback();
  const way = net.outbound.forDestination();
  const port = await shouting();
  const [here, there] = [net.pin(`smtp://127.0.0.1:${port}`), net.pin(`smtp://127.0.0.1:${port}/`)];
  const first = await way.stream(released(here, "1"), undefined, never);
  const second = await way.stream(released(here, "2"), first, never);
  expect([second.stream === first.stream, text(second.body())]).toEqual([true, "2"]);
  const third = await way.stream(released(there, "3"), second, never);
  expect([third.stream === first.stream, first.stream.destroyed]).toEqual([false, true]);
  sockets.at(-1)?.destroy();
  await until(() => third.stream.destroyed);
  const fourth = await way.stream(released(there, "4"), third, never);
  expect(fourth.stream.destroyed).toBe(false);
  // A stream of another destination is no one's to give back.
  const stranger = await net.outbound.forDestination().stream(released(there, "5"), fourth, never);
  expect(stranger.stream === fourth.stream).toBe(false);
  way.close();
  await until(() => fourth.stream.destroyed);
});

test("a scheme with TLS from the first byte is verified by the engine", async () => {
  net = loopback(certificates.resolvePath);
  const read = (file: string) => readFileSync(certificates.resolvePath(file));
  const server = createTlsServer({ cert: read("mail.pem"), key: read("mail.key") }, (socket) => {
    sockets.push(socket);
    socket.end("220 ready");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const way = net.outbound.forDestination();
  expect(await codeOfFailure(way.stream(released(net.pin(`smtps://localhost:${port}`)), undefined, never))).toMatchObject({ code: "NET-207" });
  const opened = await way.stream(released(net.pin(`smtps://localhost:${port}`, { ca: "ca.pem" })), undefined, never);
  let heard = "";
  opened.stream.on("data", (chunk: Uint8Array) => (heard += text(chunk)));
  await until(() => heard === "220 ready");
  expect(opened.tls).toBeUndefined();
});

test.each([
  ["postgres://db.example/warehouse", undefined, true],
  ["postgres://127.0.0.1/warehouse", undefined, false],
  ["mysql://[::1]/warehouse", {}, true],
  ["smtp://mail.example", undefined, true],
  ["sftp://files.example/in", undefined, false],
])("%s with tls %j: TLS inside the protocol is %s", (url, tls, starts) => {
  expect(targetOf({ id: "e", url, ...(tls && { tls }) }, "stream", "p").startsTls).toBe(starts);
});

test("a stream has no endpoint of HTTP, and none that is nowhere", async () => {
  net = loopback();
  const way = net.outbound.forDestination();
  expect(await codeOfFailure(way.stream(released(net.pin("http://127.0.0.1:1")), undefined, never))).toMatchObject({ code: "NET-202" });
  expect(await codeOfFailure(way.stream(released(net.pin("sftp://169.254.169.254")), undefined, never))).toMatchObject({ code: "NET-203" });
  expect(await codeOfFailure(way.stream(released(net.pin("sftp://127.0.0.1:1")), undefined, never))).toMatchObject({ code: "NET-205", sent: false });
  expect(await codeOfFailure(net.outbound.streamTo("partner", "none", never))).toMatchObject({ code: "NET-202" });
});
