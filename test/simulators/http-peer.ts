import { createServer, type Server } from "node:http";
import type { Arrivals } from "./arrivals.ts";

/** What a partner answers to a body it has read. */
export interface Reply {
  readonly status: number;
  readonly json: unknown;
}

/** A partner on HTTP: keeps what arrived, answers as told. */
export function httpPeer(arrivals: Arrivals, reply: (body: string, headers: Readonly<Record<string, string>>) => Reply): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      arrivals.push({ path: request.url ?? "", headers, body });
      const { status, json } = reply(body, headers);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    });
  });
}
