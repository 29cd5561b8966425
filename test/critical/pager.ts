import { createServer, type Server } from "node:http";

/** When something happened, in ms: while the engine was up, and by the wall. */
export interface Moment {
  readonly up: number;
  readonly wall: number;
}

/** A paging service that writes down for itself of which results it was told, and when. */
export class Pager {
  /** First page of each order, by both clocks. */
  readonly told = new Map<string, Moment>();
  pages = 0;
  readonly #server: Server;
  readonly #forgets: (nth: number) => boolean;

  /** `forgets`: of these results it says that somebody has seen them, and nobody was told. */
  constructor(moment: () => Moment, forgets: (nth: number) => boolean) {
    this.#forgets = forgets;
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        this.pages++;
        const { order } = JSON.parse(text) as { order: string };
        const n = Number(order.slice(1));
        const isFirst = !this.told.has(order);
        if (isFirst && !this.#forgets(n)) this.told.set(order, moment());
        // Every tenth is seen by the second on the ladder alone.
        const isSeen = n % 10 !== 0 || request.url === "/second" || this.#forgets(n);
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(isSeen ? { acknowledgedBy: "nurse" } : {}));
      });
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
