import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { idOf } from "./big-input.ts";

/** A partner over HTTP that writes down which record came, and under which key of the engine's. */
export class Arrivals {
  /** By record: the keys under which it came. A second key is a second message; the same key again is the engine's own repeat, marked as one. */
  readonly #keys = new Map<number, Set<string>>();
  readonly #server: Server;
  count = 0;
  redelivered = 0;
  reordered = 0;
  unknown = 0;
  #latest = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.#note(idOf(Buffer.concat(chunks).toString("utf8")), String(request.headers["idempotency-key"]));
        response.writeHead(200, { "content-length": 2 }).end("{}");
      });
    });
  }

  static async start(): Promise<Arrivals> {
    const arrivals = new Arrivals();
    await new Promise<void>((resolve) => arrivals.#server.listen(0, "127.0.0.1", resolve));
    return arrivals;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Different records that came. */
  get records(): number {
    return this.#keys.size;
  }

  lost(of: number): number {
    let lost = 0;
    for (let id = 1; id <= of; id++) if (!this.#keys.has(id)) lost++;
    return lost;
  }

  /** Messages beyond the first that were made of one record. */
  get repeated(): number {
    let repeated = 0;
    for (const keys of this.#keys.values()) repeated += keys.size - 1;
    return repeated;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #note(id: number, key: string): void {
    this.count++;
    if (Number.isNaN(id)) {
      this.unknown++;
      return;
    }
    const keys = this.#keys.get(id);
    if (keys?.has(key)) {
      this.redelivered++;
      return;
    }
    if (keys) {
      keys.add(key);
      return;
    }
    this.#keys.set(id, new Set([key]));
    if (id < this.#latest) this.reordered++;
    this.#latest = Math.max(this.#latest, id);
  }
}
