import { createServer, type Server, type Socket } from "node:net";

/** What a partner does with a message it has read: an answer in its own words, or none. */
export type Move = string | "silent" | "close";

/** A partner on MLLP whose answers a test writes; framing of its own, not the engine's. */
export class MllpPartner {
  /** MSH-10 of everything that arrived, in order. */
  readonly arrived: string[] = [];
  readonly bodies: string[] = [];
  move: (controlId: string, body: string) => Move = (controlId) => answer("AA", controlId);
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async listen(port: number): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  }

  /** Goes away: connections end and new ones are refused. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket)).on("error", () => socket.destroy());
    socket.setEncoding("latin1");
    let text = "";
    socket.on("data", (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf("\x1c\r"); end >= 0; end = text.indexOf("\x1c\r")) {
        const body = text.slice(text.indexOf("\x0b") + 1, end);
        text = text.slice(end + 2);
        const controlId = body.split("|")[9] ?? "";
        this.arrived.push(controlId);
        this.bodies.push(body);
        const move = this.move(controlId, body);
        if (move === "close") socket.destroy();
        else if (move !== "silent") socket.write(`\x0b${move}\x1c\r`, "latin1");
      }
    });
  }
}

export function answer(code: string, controlId: string, more = ""): string {
  return `MSH|^~\\&|WARD|SOUTH|SLUICE|NORTH|20260301120001||ACK|W${controlId}|P|2.5.1\rMSA|${code}|${controlId}\r${more}`;
}
