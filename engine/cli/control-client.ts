import { request } from "node:http";
import { EngineError, type Code, type SafeDetail } from "../sdk/error.ts";

const patienceMs = 15_000;
const absent: readonly string[] = ["ENOENT", "ECONNREFUSED", "EACCES"];
/** An engine that ends may still take a connection and break it. A question can be asked elsewhere; of an order nobody knows whether it was carried out. */
const endedMeanwhile: readonly string[] = ["EPIPE", "ECONNRESET"];

/** One call at the control socket of a running engine; its own code comes back as an `EngineError`, CLI-101 when nobody listens. */
export function callControl<T>(path: string, method: "GET" | "POST", url: string, body?: unknown, waitMs = patienceMs): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = request({ agent: false, socketPath: path, method, path: url, timeout: waitMs, headers: { "content-type": "application/json" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const answer = json(Buffer.concat(chunks).toString("utf8"));
        if (response.statusCode === 200 && answer !== undefined) resolve(answer as T);
        else reject(refusal(answer as Refused | undefined, response.statusCode));
      });
    });
    call.on("timeout", () => call.destroy(new EngineError("CLI-108", { seconds: waitMs / 1000 })));
    call.on("error", (error: NodeJS.ErrnoException) => {
      const reasons = method === "GET" ? [...absent, ...endedMeanwhile] : absent;
      reject(reasons.includes(error.code ?? "") ? new EngineError("CLI-101") : error);
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

interface Refused {
  readonly code?: Code;
  readonly detail?: SafeDetail;
}

function refusal(answer: Refused | undefined, status: number | undefined): EngineError {
  return answer?.code === undefined ? new EngineError("CLI-104", { status }) : new EngineError(answer.code, answer.detail);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
