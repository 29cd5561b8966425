import { request as httpRequest, type Agent, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { EngineError, type Clock, type OutboundResponse, type RequestOptions } from "../../sdk/index.ts";
import { checkedLookup } from "./address.ts";
import { networkFailure } from "./failure.ts";
import type { Target } from "./target.ts";

const responseLimit = 10 * 1024 * 1024;
const connectTimeoutMs = 10_000;

export interface Exchange {
  readonly target: Target;
  readonly agent: Agent;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Uint8Array;
  readonly timeoutMs?: number;
  readonly onBody?: RequestOptions["onBody"];
  /** Asked once the connection stands, which may have taken a while: whether what lets it go still does. */
  readonly mayLeave: () => boolean;
}

/** One request and its answer. Redirects are answers like any other. Rejects with EngineError `NET-*` that says whether bytes may have left. */
export function exchange(what: Exchange, clock: Clock, signal: AbortSignal): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new EngineError("NET-210", { sent: false }));
    const { target, agent, method, path } = what;
    let sent = false;
    const send = target.secure ? httpsRequest : httpRequest;
    const request = send({ agent, host: target.host, port: target.port, method, path, headers: what.headers, lookup: checkedLookup() });
    const finish = (end: () => void) => {
      connecting.cancel();
      deadline?.cancel();
      signal.removeEventListener("abort", abort);
      end();
    };
    const fail = (error: unknown) => {
      finish(() => reject(networkFailure(error, sent)));
      request.destroy();
    };
    const abort = () => fail(new EngineError("NET-210", { sent }));
    const connecting = clock.after(connectTimeoutMs, () => !sent && fail(new EngineError("NET-206", { sent: false })));
    const late = () => (what.timeoutMs === undefined ? undefined : clock.after(what.timeoutMs, () => fail(new EngineError("NET-209", { sent }))));
    let deadline = late();
    signal.addEventListener("abort", abort, { once: true });
    const leave = () => {
      if (!what.mayLeave()) return fail(new EngineError("NET-201", { sent: false }));
      sent = true;
      request.end(what.body);
    };
    request.on("socket", (socket) => {
      if (!socket.connecting) leave();
      else socket.once(target.secure ? "secureConnect" : "connect", leave);
    });
    request.on("error", fail);
    request.on("response", (response) => {
      const { onBody } = what;
      const done = (answer: OutboundResponse) => finish(() => resolve(answer));
      if (onBody && isWell(response)) {
        const alive = () => {
          deadline?.cancel();
          deadline = late();
        };
        void pour(response, onBody, alive).then(() => done({ ...headOf(response), body: new Uint8Array() }), fail);
      } else read(response, done, fail);
    });
  });
}

/** A body of any length, no piece of it before the last was taken. */
async function pour(response: IncomingMessage, onBody: (piece: Uint8Array) => Promise<void>, alive: () => void): Promise<void> {
  for await (const piece of response) {
    alive();
    try {
      await onBody(piece as Buffer);
    } catch (error) {
      throw new EngineError("NET-216", { sent: true }, { cause: error });
    }
    alive();
  }
}

const isWell = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode < 300;

const headOf = (response: IncomingMessage) => ({ status: response.statusCode ?? 0, headers: flat(response) });

function read(response: IncomingMessage, done: (answer: OutboundResponse) => void, fail: (error: unknown) => void): void {
  const head = headOf(response);
  const parts: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= responseLimit) return void parts.push(chunk);
    // The status is the partner's answer and stands; so much text is not worth the memory.
    done({ ...head, body: new Uint8Array(), truncated: true });
    response.destroy();
  });
  response.on("end", () => done({ ...head, body: Buffer.concat(parts) }));
  response.on("error", fail);
  response.on("close", () => !response.complete && fail(undefined));
}

function flat(response: IncomingMessage): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return headers;
}
