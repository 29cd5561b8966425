import { connect, type Socket } from "node:net";
import { readAck } from "../codec/ack/index.ts";
import { EngineError } from "../sdk/index.ts";

/** What the other side said to one file. */
export interface Answer {
  readonly ok: boolean;
  /** MSA-1, or the HTTP status. */
  readonly code: string;
  /** MSA-2, or the id the engine gave. */
  readonly id: string;
}

const [begin, end, back] = [0x0b, 0x1c, 0x0d];

/** One MLLP connection for the command line: a frame out, its acknowledgement back, the next one after that. */
export class MllpSender {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #bytes = Buffer.alloc(0);
  #wake = () => {};
  #closed = false;

  private constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  static open(url: URL, timeoutMs: number): Promise<MllpSender> {
    const port = Number(url.port || 2575);
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: url.hostname.replace(/[[\]]/g, ""), timeout: timeoutMs });
      socket.once("connect", () => resolve(new MllpSender(socket, timeoutMs)));
      socket.once("error", () => reject(new EngineError("CLI-107", { port })));
      socket.once("timeout", () => socket.destroy(new Error()));
    });
  }

  /** Sends the bytes as they stand; CLI-108 when no answer comes. */
  async send(bytes: Uint8Array): Promise<Answer> {
    this.#bytes = Buffer.alloc(0);
    this.#socket.write(Buffer.concat([Buffer.of(begin), bytes, Buffer.of(end, back)]));
    const ack = readAck((await this.#frame()).toString("latin1"));
    return { ok: ack?.code === "AA" || ack?.code === "CA", code: ack?.code ?? "no ack", id: ack?.controlId ?? "" };
  }

  close(): void {
    this.#socket.end();
  }

  #frame(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new EngineError("CLI-108", { seconds: this.#timeoutMs / 1000 })), this.#timeoutMs);
      this.#wake = () => {
        const close = this.#bytes.indexOf(Buffer.of(end, back));
        if (close < 0 && !this.#closed) return;
        clearTimeout(late);
        if (close < 0) reject(new EngineError("CLI-108", { reason: "the connection was closed" }));
        else resolve(this.#bytes.subarray(this.#bytes.indexOf(begin) + 1, close));
      };
      this.#wake();
    });
  }
}
