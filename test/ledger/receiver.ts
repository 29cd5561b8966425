import type { Buffer } from "node:buffer";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { FrameReader, fieldOf, framed } from "./frames.ts";
import type { LedgerFile } from "./ledger.ts";

/** How a partner behaves. `nth` counts all arrivals of the receiver; the same arrival is judged once. */
export interface Manners {
  /** Milliseconds before the answer. */
  readonly delayMs?: number;
  /** Answer to the nth arrival; default AA. A message answered AE or AR did not arrive, and is not recorded. */
  readonly answer?: (nth: number) => "AA" | "AE" | "AR" | "close";
  /** What the ledger is told of the nth arrival; the sabotage of the drills. */
  readonly record?: (nth: number) => "yes" | "forget" | "late";
}

/** So many arrivals of its lane are written down before a late one: more than connections can have in flight beside it. */
const lateness = 10;

/** A partner that keeps a ledger. Each lane has its own port, so the lane of an arrival is where it arrived, not what it says. */
export class LedgerReceiver {
  arrivals = 0;
  stray = 0;
  /** Told of each arrival, by whoever wants to know when. */
  onArrival: ((lane: string, message: string) => void) | undefined;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #ledger: LedgerFile;
  readonly #manners: Manners;
  readonly #late: { readonly lane: string; after: number; readonly id: string; readonly mark: string }[] = [];

  private constructor(ledger: LedgerFile, manners: Manners) {
    this.#ledger = ledger;
    this.#manners = manners;
  }

  /** Listens for every lane; gives the port of each. */
  static async start(ledger: LedgerFile, lanes: readonly string[], manners: Manners = {}): Promise<{ readonly receiver: LedgerReceiver; readonly ports: ReadonlyMap<string, number> }> {
    const receiver = new LedgerReceiver(ledger, manners);
    const ports = new Map<string, number>();
    for (const lane of lanes) ports.set(lane, await receiver.#listen(lane));
    return { receiver, ports };
  }

  async close(): Promise<void> {
    for (const s of this.#sockets) s.destroy();
    await Promise.all(this.#servers.map((s) => new Promise((done) => s.close(done))));
  }

  #listen(lane: string): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => {
      const reader = new FrameReader();
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      socket.on("data", (chunk: Buffer) => {
        for (const message of reader.read(chunk)) this.#take(lane, message, socket);
        this.stray += reader.stray;
        reader.stray = 0;
      });
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  #take(lane: string, message: string, socket: Socket): void {
    const nth = ++this.arrivals;
    this.onArrival?.(lane, message);
    const id = fieldOf(message, "MSH", 10);
    const answer = this.#manners.answer?.(nth) ?? "AA";
    if (answer === "AA" || answer === "close") this.#note(lane, id, fieldOf(message, "ZID", 1), nth);
    const reply = () => {
      if (answer === "close") socket.destroy();
      else if (!socket.destroyed) socket.write(framed(`MSH|^~\\&|LEDGER|X|SLUICE|Y|20260314081523||ACK|${id}|P|2.5.1\rMSA|${answer}|${id}\r`));
    };
    if (this.#manners.delayMs === undefined) reply();
    else setTimeout(reply, this.#manners.delayMs);
  }

  #note(lane: string, id: string, zid: string, nth: number): void {
    const arrival = { id, mark: zid.split("^")[0] ?? "" };
    const how = this.#manners.record?.(nth) ?? "yes";
    if (how === "forget") return;
    if (how === "late") {
      this.#late.push({ lane, after: lateness, ...arrival });
      return;
    }
    this.#ledger.append({ kind: "arrived", lane, ...arrival });
    for (const late of this.#late) {
      if (late.lane === lane && --late.after === 0) this.#ledger.append({ kind: "arrived", lane, id: late.id, mark: late.mark });
    }
  }
}
