import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Moment } from "./pager.ts";
import { resultOf } from "./project.ts";

/** A lab that sends each result until it is acknowledged, and writes down when that was. */
export class Lab {
  /** When each result was acknowledged. */
  readonly acked = new Map<number, Moment>();
  readonly #moment: () => Moment;
  readonly #port: number;
  readonly #results: number;
  /** So many may have been sent by now. */
  allowed = 0;
  #next = 0;
  #isOver = false;

  constructor(port: number, results: number, moment: () => Moment) {
    this.#moment = moment;
    this.#port = port;
    this.#results = results;
  }

  /** Sends until every result is acknowledged, or it is told to stop. */
  async run(connections: number): Promise<void> {
    await Promise.all(Array.from({ length: connections }, () => this.#feed()));
  }

  stop(): void {
    this.#isOver = true;
  }

  async #feed(): Promise<void> {
    let socket: Socket | undefined;
    while (!this.#isOver && this.#next < this.#results) {
      if (this.#next >= this.allowed) {
        await pause(10);
        continue;
      }
      const n = this.#next++;
      while (!this.#isOver && !this.acked.has(n)) {
        socket = socket?.destroyed === false ? socket : await opened(this.#port);
        if (socket && (await answered(socket, n))) this.acked.set(n, this.#moment());
        else {
          socket?.destroy();
          await pause(50);
        }
      }
    }
    socket?.destroy();
  }
}

function opened(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket)).once("error", () => resolve(undefined));
    socket.on("error", () => socket.destroy());
  });
}

/** True for AA alone: nothing else says that the engine has it. */
function answered(socket: Socket, n: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.includes("\x1c\r")) done(text.includes(`MSA|AA|R${n}\r`) || text.includes(`MSA|AA|R${n}|`));
    };
    const ended = () => done(false);
    const done = (isAcked: boolean) => {
      socket.off("data", read).off("close", ended);
      resolve(isAcked);
    };
    socket.on("data", read).once("close", ended);
    socket.write(`\x0b${resultOf(n)}\x1c\r`, "latin1");
  });
}
