import { Hl7Message } from "@medplum/core";
import { Hl7Client, Hl7Server } from "@medplum/hl7";
import { Client } from "node-hl7-client";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../test/flow/engine-on-disk.ts";
import { loopback, released, until } from "../../engine/runtime/net/loopback.fixture.ts";
import { systemClock } from "../../engine/runtime/clock.ts";
import type { Ack, Outcome, Receipt, Released, RequestOptions, SendContext, SourceContext } from "../../engine/sdk/index.ts";
import { completeOptions } from "../../engine/sdk/testing/index.ts";
import { ackFor, controlIdOf, message, readAck } from "./hl7.fixture.ts";
import { destinationOptions, sourceOptions } from "./options.ts";
import { mllpDestination } from "./destination.ts";
import { mllpSource } from "./source.ts";

/** Peers that others wrote, over the engine's real sockets. */
let net: ReturnType<typeof loopback>;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await net.close();
});

const never = new AbortController().signal;
/** The package brings a second copy of its own core, whose types differ in name alone. */
const hl7 = (raw: Uint8Array) => Hl7Message.parse(new TextDecoder().decode(raw)) as never;
const bytes = (text: string) => new TextEncoder().encode(text);

async function listening(receive: (raw: Uint8Array) => Promise<Receipt>): Promise<{ port: number; received: string[] }> {
  net = loopback();
  const received: string[] = [];
  let port = 0;
  const source = mllpSource({ ...(completeOptions(sourceOptions, { port: 1 }) as object), port: 0 } as never);
  const context = {
    channel: "interop",
    clock: systemClock,
    signal: never,
    listen: async (options, onWire) => {
      const open = await net.inbound.listen(options, onWire);
      port = open.port;
      return open;
    },
    serve: (options, handler) => net.inbound.serve(options, handler),
    receive: async (raw) => {
      received.push(new TextDecoder().decode(raw));
      return receive(raw);
    },
    problem: (code) => void net.problems.push(code),
  } as Partial<SourceContext> as SourceContext;
  await source.start(context);
  closers.push(() => source.stop());
  return { port, received };
}

const accepted = async (raw: Uint8Array): Promise<Receipt> => ({ kind: "accepted", id: "m1", ack: ackFor(controlIdOf(raw) ?? "", "AA") });

describe("senders to our source", () => {
  test("@medplum/hl7: one after another, many at once, and a refusal", async () => {
    const { port, received } = await listening(async (raw) =>
      controlIdOf(raw) === "bad" ? { kind: "refused", code: "FLW-101", ack: ackFor("bad", "AE") } : accepted(raw),
    );
    const client = new Hl7Client({ host: "127.0.0.1", port });
    closers.push(() => client.close());
    const send = async (id: string) => {
      const answer = await client.sendAndWait(hl7(message(id, "Käse")), { timeoutMs: 5000 });
      return answer.getSegment("MSA")?.toString();
    };
    expect(await send("one")).toBe("MSA|AA|one");
    const ids = Array.from({ length: 50 }, (_, n) => `p${n}`);
    expect(await Promise.all(ids.map(send))).toEqual(ids.map((id) => `MSA|AA|${id}`));
    expect(await send("bad")).toBe("MSA|AE|bad");
    expect(received.map((text) => controlIdOf(bytes(text)))).toEqual(["one", ...ids, "bad"]);
    expect(received[0]).toContain("|Käse|");
  });

  test("node-hl7-client: its messages arrive and it hears the acknowledgements", async () => {
    const { port, received } = await listening(accepted);
    const client = new Client({ host: "127.0.0.1", version: "2.5.1" });
    const heard: string[] = [];
    const connection = client.createConnection({ port, version: "2.5.1", waitAck: true }, async (answer) => {
      heard.push(answer.getMessage().get("MSA.2").toString());
    });
    closers.push(async () => connection.close());
    const { Message } = await import("node-hl7-client");
    for (const id of ["n1", "n2", "n3"]) {
      await connection.sendMessage(new Message({ text: new TextDecoder().decode(message(id)).trim() }));
      await until(() => heard.includes(id));
    }
    expect(heard).toEqual(["n1", "n2", "n3"]);
    expect(received.map((text) => controlIdOf(bytes(text)))).toEqual(["n1", "n2", "n3"]);
  });
});

function sender(port: number) {
  const id = net.pin(`mllp://127.0.0.1:${port}`);
  const way = net.outbound.forDestination();
  const destination = mllpDestination(completeOptions(destinationOptions, { endpoint: id, timeout: "2s" }));
  const context = (attempt: number) => ({
    clock: systemClock,
    attempt,
    signal: never,
    wire: (envelope: Released) => way.wire(envelope, never),
    request: (envelope: Released, options?: RequestOptions) => way.request(envelope, never, options),
    readAck,
    judge: ({ content }: Ack) => ({ kind: "delivered", response: content }),
    controlId: ({ envelope }: Released) => controlIdOf(envelope.body),
  }) as Partial<SendContext> as SendContext;
  return (controlId: string, attempt = 1): Promise<Outcome> =>
    destination.send(released(id, new TextDecoder().decode(message(controlId))), context(attempt));
}

describe("our destination to receivers", () => {
  test("@medplum/hl7's server takes what we send, in order", async () => {
    net = loopback();
    const port = await freePort();
    const received: string[] = [];
    const server = new Hl7Server((connection) => {
      connection.addEventListener("message", (event) => {
        received.push(event.message.getSegment("MSH")?.getField(10)?.toString() ?? "");
        connection.send(event.message.buildAck());
      });
    });
    await server.start(port);
    closers.push(() => server.stop({ forceDrainTimeoutMs: 10 }));
    const send = sender(port);
    const ids = Array.from({ length: 50 }, (_, n) => `d${n}`);
    for (const id of ids) expect((await send(id)).kind).toBe("delivered");
    expect(received).toEqual(ids);
  });

  test("a receiver that answers late: unknown, then delivered on a new connection, with the same bytes", async () => {
    net = loopback();
    const bodies: string[] = [];
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        bodies.push(chunk.toString());
        const answer = Buffer.from([0x0b, ...ackFor("late", "AA"), 0x1c, 0x0d]);
        setTimeout(() => socket.write(answer), bodies.length === 1 ? 4000 : 0);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(async () => server.close());
    const send = sender((server.address() as AddressInfo).port);
    expect(await send("late")).toEqual({ kind: "unknown", code: "MLP-201" });
    expect((await send("late", 2)).kind).toBe("delivered");
    expect([connections, bodies[0]]).toEqual([2, bodies[1]]);
  });
});
