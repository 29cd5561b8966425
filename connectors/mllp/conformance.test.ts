import { connectorConformance, type Sender } from "../../engine/sdk/testing/index.ts";
import { frame } from "./frame.ts";
import { Framer } from "./framer.ts";
import { ackFor, controlIdOf, message, readAck } from "./hl7.fixture.ts";
import mllp from "./index.ts";

const idOf = (body: Uint8Array) => controlIdOf(body) ?? "";

connectorConformance(mllp, {
  folder: new URL("./", import.meta.url),
  source: {
    options: { port: 2575 },
    message: (text) => message("42", text),
    ack: (kind) => ackFor("42", kind === "positive" ? "AA" : "AE"),
    garbage: new TextEncoder().encode("GET / HTTP/1.1\r\n"),
    connect(host): Sender {
      const peer = host.connect();
      return {
        send: (bytes) => peer.send(bytes.includes(0x4d) && new TextDecoder().decode(bytes).startsWith("MSH") ? frame(bytes) : bytes),
        answers: () => acksIn(peer.received).map((code) => (code === "AA" ? "positive" : "negative")),
        heard: () => peer.received,
        vanish: () => peer.drop(),
      };
    },
  },
  destination: {
    options: { endpoint: "results" },
    format: "hl7v2",
    content: message,
    reader: { readAck, controlId: controlIdOf },
    accepts: (body) => frame(ackFor(idOf(body), "AA")),
    rejects: (body) => frame(ackFor(idOf(body), "AR")),
    busy: (body) => frame(ackFor(idOf(body), "AE")),
    wrongId: () => frame(ackFor("other", "AA")),
    garbage: () => frame(new TextEncoder().encode("no acknowledgement")),
  },
});

function acksIn(chunks: readonly Uint8Array[]): string[] {
  const codes: string[] = [];
  const framer = new Framer({ maxFrame: 10_000, maxGarbage: 0 }, (bytes) => codes.push(readAck(bytes)?.code ?? ""));
  for (const chunk of chunks) framer.push(chunk);
  return codes;
}
