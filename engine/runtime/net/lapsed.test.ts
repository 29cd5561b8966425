import { createServer, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { isReleased, seal } from "../../phi/release.ts";
import { systemClock } from "../clock.ts";
import { noCredentials } from "./credentials.ts";
import { until } from "./loopback.fixture.ts";
import { Outbound } from "./outbound.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A partner that counts the bytes it gets. */
async function partner() {
  const got = { bytes: 0, connections: 0 };
  const server = createServer((socket) => {
    got.connections++;
    socket.on("data", (chunk) => (got.bytes += chunk.length)).on("error", () => {});
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { got, port: (server.address() as AddressInfo).port };
}

test.each(["http", "mllp"])("not a byte of what lapses while a connection is opened leaves over %s", async (protocol) => {
  const { got, port } = await partner();
  let asked = 0;
  // In force when the attempt begins, and not any more once the connection stands.
  const released = seal("ward", { endpoint: "main", body: new TextEncoder().encode("a result") }, () => ++asked === 1);
  const outbound = new Outbound({
    clock: systemClock, resolvePath: (path) => path, endpointOf: () => ({ id: "main", url: `${protocol}://127.0.0.1:${port}` }),
    credentials: noCredentials, openSecret: () => { throw new Error("no secret"); }, isReleased: (value) => isReleased(value, 0),
  });
  open.push(outbound);
  const way = outbound.forDestination();
  const signal = AbortSignal.timeout(60_000);
  const sending = protocol === "http" ? way.request(released, signal) : way.wire(released, signal).then((wire) => wire.send(new Uint8Array(), released, new Uint8Array()));
  await expect(sending).rejects.toMatchObject({ code: "NET-201", safe: { sent: false } });
  await until(() => got.connections === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(got).toEqual({ connections: 1, bytes: 0 });
});
