import { connect as connectPlain, createServer, type AddressInfo, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, beforeAll, afterAll, describe, expect, test } from "vitest";
import type { InboundWire, OutboundWire } from "../../sdk/index.ts";
import { Certificates } from "./certificates.fixture.ts";
import { codeOfFailure, loopback, released, until } from "./loopback.fixture.ts";

const never = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (chunk: Uint8Array) => new TextDecoder().decode(chunk);
const nothing = new Uint8Array();
const start = Uint8Array.of(0x0b);
const end = Uint8Array.of(0x1c, 0x0d);

let net: ReturnType<typeof loopback>;
afterEach(async () => net.close());

/** Answers every chunk with itself in capitals. */
const shout = (wire: InboundWire) => wire.onData((chunk) => wire.reply(bytes(text(chunk).toUpperCase())));

function heard(wire: OutboundWire): { text: string } {
  const said = { text: "" };
  wire.onData((chunk) => (said.text += text(chunk)));
  return said;
}

describe("a listener that changes hands", () => {
  const say = (word: string) => (wire: InboundWire) => wire.onData(() => wire.reply(bytes(word)));
  const ask = async (port: number) => {
    const socket = connectPlain(port, "127.0.0.1");
    const said = { text: "", close: () => socket.destroy(), again: () => void socket.write("x") };
    let failed: Error | undefined;
    socket.on("error", (error) => (failed = error));
    socket.on("data", (chunk) => (said.text += chunk));
    socket.write("x");
    await until(() => said.text !== "" || failed !== undefined);
    if (failed) throw failed;
    return said;
  };

  test("the socket stays: new wires go to the newer, old ones stay with the older until they close", async () => {
    net = loopback();
    const older = await net.inbound.listen({ port: 0 }, say("1"), { owner: "a" });
    const first = await ask(older.port);
    const newer = await net.inbound.listen({ port: 0 }, say("2"), { owner: "a" });
    expect(newer.port).toBe(older.port);
    expect(older.succeeded).toBe(true);
    const second = await ask(older.port);
    first.again();
    await until(() => first.text === "11");
    expect(second.text).toBe("2");
    let idle = false;
    void older.idle.then(() => (idle = true));
    await older.close();
    expect(idle).toBe(false);
    first.close();
    await until(() => idle);
    second.again();
    await until(() => second.text === "22");
    second.close();
  });

  test("one that goes again gives the port back; the last closes it; another owner gets none of it", async () => {
    net = loopback();
    const older = await net.inbound.listen({ port: 0 }, say("1"), { owner: "a" });
    const { port } = older;
    await expect(net.inbound.listen({ port }, say("x"), { owner: "b" })).rejects.toMatchObject({ code: "NET-101" });
    const newer = await net.inbound.listen({ port: 0 }, say("2"), { owner: "a" });
    await newer.close();
    const asked = await ask(port);
    expect(asked.text).toBe("1");
    asked.close();
    await older.close();
    await expect(ask(port)).rejects.toThrow();
  });
});

describe("plain wires", () => {
  test("a released body crosses between its framing, and the wire is kept", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const id = net.pin(`mllp://127.0.0.1:${port}`);
    const way = net.outbound.forDestination();
    const wire = await way.wire(released(id), never);
    const said = heard(wire);
    wire.send(start, released(id, "hello"), end);
    await until(() => said.text === "\x0bHELLO\x1c\r");
    expect(await way.wire(released(id), never)).toBe(wire);
    wire.close();
    expect(await way.wire(released(id), never)).not.toBe(wire);
  });

  test("a large body crosses whole, between its framing", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const id = net.pin(`mllp://127.0.0.1:${port}`);
    const wire = await net.outbound.forDestination().wire(released(id), never);
    const said = heard(wire);
    wire.send(start, released(id, "x".repeat(3_000_000)), end);
    await until(() => said.text.length >= 3_000_003);
    expect(said.text).toBe(`\x0b${"X".repeat(3_000_000)}\x1c\r`);
  });

  test("what the guard did not release is refused, at opening and at sending", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const id = net.pin(`mllp://127.0.0.1:${port}`);
    const way = net.outbound.forDestination();
    const lookAlike = { ...released(id, "x") };
    expect((await codeOfFailure(way.wire(lookAlike, never))).code).toBe("NET-201");
    expect((await codeOfFailure(way.request(lookAlike, never))).code).toBe("NET-201");
    const wire = await way.wire(released(id), never);
    expect(() => wire.send(nothing, lookAlike, nothing)).toThrow("NET-201");
    expect(() => wire.send(nothing, released("e9", "x"), nothing)).toThrow("NET-202");
    expect(() => wire.send(new Uint8Array(17), released(id, "x"), nothing)).toThrow("NET-211");
    expect(() => wire.send(nothing, released(id, "x"), bytes("Rivera"))).toThrow("NET-211");
  });

  test("one release is sent once, whatever the wire", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const id = net.pin(`mllp://127.0.0.1:${port}`);
    const way = net.outbound.forDestination();
    const one = released(id, "once");
    const wire = await way.wire(one, never);
    const said = heard(wire);
    wire.send(nothing, one, nothing);
    expect(() => wire.send(nothing, one, nothing)).toThrow("NET-214");
    const another = await net.outbound.forDestination().wire(one, never);
    expect(() => another.send(nothing, one, nothing)).toThrow("NET-214");
    wire.send(nothing, released(id, "two"), nothing);
    await until(() => said.text === "ONCETWO");
  });

  test("bytes changed after release do not leave", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const sealed = released(net.pin(`mllp://127.0.0.1:${port}`), "guarded");
    sealed.envelope.body.fill(0x58);
    const wire = await net.outbound.forDestination().wire(sealed, never);
    const said = heard(wire);
    wire.send(nothing, sealed, nothing);
    await until(() => said.text === "GUARDED");
  });

  test.each([
    ["an unknown endpoint", "e9", undefined, "NET-202"],
    ["another protocol", undefined, "http://127.0.0.1:1", "NET-202"],
    ["no port", undefined, "mllp://127.0.0.1", "NET-202"],
    ["the metadata service", undefined, "mllp://169.254.169.254:80", "NET-203"],
    ["the metadata service inside IPv6", undefined, "mllp://[::ffff:169.254.169.254]:80", "NET-203"],
    ["the metadata service as one number", undefined, "mllp://2852039166:80", "NET-203"],
    ["nobody there", undefined, "mllp://127.0.0.1:1", "NET-205"],
    ["a name that does not exist", undefined, "mllp://nowhere.invalid:2575", "NET-204"],
  ])("%s", async (_, id, url, code) => {
    net = loopback();
    const way = net.outbound.forDestination();
    const failure = await codeOfFailure(way.wire(released(id ?? net.pin(url ?? "")), never));
    expect(failure.code).toBe(code);
    expect(failure.sent).not.toBe(true);
  });

  test("a port in use is named", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    await expect(net.inbound.listen({ port }, shout)).rejects.toMatchObject({ code: "NET-101", safe: { port } });
  });

  test("a closed listener frees its port at once, and its wires stay", async () => {
    net = loopback();
    const listening = await net.inbound.listen({ port: 0 }, shout);
    const client = await talk(listening.port);
    await listening.close();
    const again = await net.inbound.listen({ port: listening.port }, shout);
    client.socket.write("still");
    await until(() => client.said === "STILL");
    await again.close();
  });

  test("connections beyond the limit are closed, and places come free", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0, maxConnections: 2 }, shout);
    const [one] = [await talk(port), await talk(port)];
    const third = await talk(port);
    await until(() => third.closed);
    expect(net.problems).toEqual(["NET-106"]);
    one?.socket.destroy();
    // The listener hears of it a little after its peer: until then a newcomer is sent away.
    for (let isIn = false; !isIn; ) {
      const next = await talk(port);
      next.socket.write("in");
      await until(() => next.said === "IN" || next.closed);
      isIn = next.said === "IN";
    }
  });

  test("an exhausted budget pauses all wires, old and new, and its release resumes them", async () => {
    net = loopback(undefined, 100);
    const { port } = await net.inbound.listen({ port: 0 }, shout);
    const old = await talk(port);
    old.socket.write("a");
    await until(() => old.said === "A");
    net.budget.take(100);
    const young = await talk(port);
    for (const { socket } of [old, young]) socket.write("b");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([old.said, young.said]).toEqual(["A", ""]);
    net.budget.give(100);
    await until(() => old.said === "AB" && young.said === "B");
  });

  test("bytes held by a wire are given back when it goes", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, (wire) => wire.onData((chunk) => wire.hold(chunk.length)));
    const client = await talk(port);
    client.socket.write("12345");
    await until(() => net.inbound.unfinishedBytes === 5);
    expect(net.budget.held).toBe(0);
    client.socket.destroy();
    await until(() => net.inbound.unfinishedBytes === 0);
  });

  test("half-sent messages that use up the budget are finished, one after another", async () => {
    net = loopback(undefined, 200_000);
    const size = 100_000;
    const peers = 6;
    const { port } = await net.inbound.listen({ port: 0 }, (wire) => {
      let held = 0;
      wire.onData((chunk) => {
        held += chunk.length;
        if (held >= size) {
          wire.reply(bytes("whole"));
          held = 0;
        }
        wire.hold(held);
      });
    });
    const clients = await Promise.all(Array.from({ length: peers }, () => talk(port)));
    for (const { socket } of clients) socket.write("x".repeat(size / 2));
    await until(() => net.inbound.unfinishedBytes >= 100_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(net.inbound.unfinishedBytes).toBeLessThan((peers * size) / 2);
    for (const { socket } of clients) socket.write("x".repeat(size / 2));
    await until(() => clients.every(({ said }) => said === "whole"));
    expect(net.inbound.unfinishedBytes).toBe(0);
  });

  test("answers given before close arrive, although the peer's bytes were not all read", async () => {
    net = loopback();
    const { port } = await net.inbound.listen({ port: 0 }, (wire) =>
      wire.onData(() => {
        wire.reply(bytes("bye"));
        wire.close();
      }),
    );
    const client = await talk(port);
    client.socket.write("x".repeat(500_000));
    await until(() => client.closed);
    expect(client.said).toBe("bye");
  });

  test("a partner that closes after the bytes left is heard of", async () => {
    net = loopback();
    const server = createServer((socket) => socket.on("data", () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const id = net.pin(`mllp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const wire = await net.outbound.forDestination().wire(released(id), never);
    let closed = false;
    wire.onClose(() => {
      closed = true;
    });
    wire.send(nothing, released(id, "x"), nothing);
    await until(() => closed);
    expect(wire.closed).toBe(true);
    server.close();
  });
});

describe("TLS", () => {
  const made = new Certificates();
  let [ca, foreign] = ["", ""];
  let server: { cert: string; key: string };
  let client: { cert: string; key: string };
  let stranger: { cert: string; key: string };
  beforeAll(() => {
    ca = made.authority("ours");
    foreign = made.authority("foreign");
    server = made.issue("server", ca, "IP:127.0.0.1,DNS:lab.example");
    client = made.issue("client", ca, "DNS:client.example");
    stranger = made.issue("stranger", foreign, "DNS:client.example");
  });
  afterAll(() => made.remove());

  async function crossing(tls: NonNullable<Parameters<typeof net.pin>[1]>, mutual: boolean): Promise<string> {
    net = loopback(made.resolvePath);
    const { port } = await net.inbound.listen({ port: 0, tls: { ...server, ...(mutual ? { ca } : {}) } }, shout);
    const id = net.pin(`mllps://127.0.0.1:${port}`, tls);
    const wire = await net.outbound.forDestination().wire(released(id), never);
    const said = heard(wire);
    wire.send(nothing, released(id, "hello"), nothing);
    await until(() => said.text !== "" || wire.closed);
    return said.text;
  }

  test("crosses with our authority, by address and by pinned name", async () => {
    expect(await crossing({ ca }, false)).toBe("HELLO");
    await net.close();
    expect(await crossing({ ca, servername: "lab.example" }, false)).toBe("HELLO");
  });

  test.each([
    ["an authority that is not ours", () => ({ ca: foreign })],
    ["no authority of ours at all", () => ({})],
    ["another name than the certificate's", () => ({ ca, servername: "other.example" })],
  ])("refuses %s, and nothing leaves", async (_, tls) => {
    expect(await codeOfFailure(crossing(tls(), false))).toEqual({ code: "NET-207", sent: false });
  });

  test("mTLS: our client crosses, one without or with a foreign certificate does not", async () => {
    expect(await crossing({ ca, ...client }, true)).toBe("HELLO");
    for (const tls of [{ ca }, { ca, ...stranger }]) {
      await net.close();
      expect(await crossing(tls, true)).toBe("");
      await until(() => net.problems.includes("NET-107"));
    }
  });

  test("TLS 1.1 and plain text are not served, and their places come free", async () => {
    net = loopback(made.resolvePath);
    const { port } = await net.inbound.listen({ port: 0, tls: server, maxConnections: 3 }, shout);
    for (let i = 0; i < 5; i++) {
      const plain = await talk(port);
      plain.socket.write("MSH|plain\r\n\r\n");
      await until(() => plain.closed);
    }
    const old = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, minVersion: "TLSv1", maxVersion: "TLSv1.1" });
    await new Promise((resolve) => old.once("error", resolve));
    const good = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await new Promise((resolve) => good.once("secureConnect", resolve));
    expect(good.getProtocol()).toBe("TLSv1.3");
    good.destroy();
  });

  test("a broken certificate stops the start", async () => {
    net = loopback(made.resolvePath);
    const missing = { cert: "missing.pem", key: server.key };
    await expect(net.inbound.listen({ port: 0, tls: missing }, shout)).rejects.toMatchObject({ code: "NET-103", safe: { file: "missing.pem" } });
    const mismatched = { cert: server.cert, key: client.key };
    await expect(net.inbound.listen({ port: 0, tls: mismatched }, shout)).rejects.toMatchObject({ code: "NET-103" });
  });
});

/** A plain peer of a listener. */
async function talk(port: number): Promise<{ socket: Socket; said: string; closed: boolean }> {
  const socket = connectPlain(port, "127.0.0.1");
  const peer = { socket, said: "", closed: false };
  socket.on("data", (chunk: Buffer) => (peer.said += chunk.toString()));
  socket.on("error", () => {});
  socket.on("close", () => (peer.closed = true));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return peer;
}
