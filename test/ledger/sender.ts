import type { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { FrameReader, fieldOf, framed } from "./frames.ts";
import type { LedgerFile } from "./ledger.ts";

export interface SenderOptions {
  readonly ledger: LedgerFile;
  /** One entry per connection: its name and the port it sends to. */
  readonly connections: readonly { readonly name: string; readonly port: number }[];
  /** At the beginning of every control id, so that runs do not meet. */
  readonly run: string;
  /** No answer within this: the connection is closed and the message sent again. */
  readonly ackWithinMs?: number;
}

/**
 * Sends on every connection one message at a time and goes on only after a positive acknowledgement; whatever else happens
 * (no connection, no answer, another answer), the same message goes again under the same control id.
 */
export class LedgerSender {
  acked = 0;
  refused = 0;
  /** Connections opened so far: more than there are in the options means that some were dropped. */
  opened = 0;
  readonly #options: SenderOptions;
  #stopping = false;
  #abandoned = false;
  #paused = false;
  readonly #ended: Promise<unknown>;
  readonly #sockets = new Set<Socket>();

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#ended = Promise.all(options.connections.map((c) => this.#work(c.name, c.port)));
  }

  /** No new message; resolves when every message already sent is acked. */
  finish(): Promise<unknown> {
    this.#stopping = true;
    return this.#ended;
  }

  /** Gives up at once, with messages unacked. */
  abandon(): Promise<unknown> {
    this.#abandoned = true;
    for (const s of this.#sockets) s.destroy();
    return this.finish();
  }

  /** Sends nothing, and opens no connection, until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  async #work(name: string, port: number): Promise<void> {
    let wire: Wire | undefined;
    for (let seq = 1; !this.#stopping; seq++) {
      const id = `${this.#options.run}${name}${String(seq).padStart(8, "0")}`;
      const mark = `MRN${name}${seq * 7919}`;
      const message = framed(ledgerMessage(id, mark));
      for (let code = ""; code !== "AA" && !this.#abandoned; ) {
        if (this.#paused) {
          await pause(10);
          continue;
        }
        const isNew = wire === undefined || wire.gone;
        if (wire === undefined || wire.gone) wire = await open(port, this.#sockets);
        if (wire === undefined) {
          await pause(10);
          continue;
        }
        if (isNew) this.opened += 1;
        this.#options.ledger.append({ kind: "sent", connection: name, id, mark });
        const ack = await wire.exchange(message, this.#options.ackWithinMs ?? 10_000);
        if (ack === undefined) {
          wire.close();
          continue;
        }
        code = fieldOf(ack, "MSA", 2) === id ? fieldOf(ack, "MSA", 1) : "";
        this.#options.ledger.append({ kind: "acked", connection: name, id, code: code === "" ? "stray" : code });
        if (code === "AA") this.acked += 1;
        else {
          this.refused += 1;
          await pause(20);
        }
      }
    }
    wire?.close();
  }
}

/** An ADT whose PID-3 carries the mark; the drill's transform copies it to ZID-1. */
export function ledgerMessage(id: string, mark: string): string {
  return [
    `MSH|^~\\&|LEDGER|NORTHSIDE|SLUICE|CENTRAL|20260314081522||ADT^A01^ADT_A01|${id}|P|2.5.1`,
    "EVN|A01|20260314081522",
    `PID|1||${mark}^^^NORTHSIDE^MR||Lindqvist^Marta^Elise||19710623|F|||418 Juniper Terrace^^Millbrook^OH^44601`,
    "PV1|1|I|4WEST^412^B",
    "",
  ].join("\r");
}

interface Wire {
  readonly gone: boolean;
  exchange(bytes: Uint8Array, withinMs: number): Promise<string | undefined>;
  close(): void;
}

function open(port: number, sockets: Set<Socket>): Promise<Wire | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const reader = new FrameReader();
    let gone = false;
    let answer: ((message: string | undefined) => void) | undefined;
    const give = (message: string | undefined) => {
      const to = answer;
      answer = undefined;
      to?.(message);
    };
    sockets.add(socket);
    socket.on("data", (chunk: Buffer) => {
      for (const message of reader.read(chunk)) give(message);
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => {
      gone = true;
      sockets.delete(socket);
      resolve(undefined);
      give(undefined);
    });
    socket.on("connect", () =>
      resolve({
        get gone() {
          return gone;
        },
        exchange: (bytes, withinMs) =>
          new Promise((done) => {
            if (gone) return done(undefined);
            const late = setTimeout(() => socket.destroy(), withinMs);
            answer = (message) => {
              clearTimeout(late);
              done(message);
            };
            socket.write(bytes);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}
