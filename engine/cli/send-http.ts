import { request } from "node:http";
import { EngineError } from "../sdk/index.ts";
import type { Answer } from "./send-mllp.ts";
import type { Target } from "./send-target.ts";

/** Sends a body as it stands; CLI-107 when nobody listens, CLI-108 when no answer comes. */
export function sendHttp(target: Target, bytes: Uint8Array, fhir: boolean, timeoutMs: number): Promise<Answer> {
  const { url, method = "POST", authorization } = target;
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method,
        timeout: timeoutMs,
        headers: {
          "content-type": fhir ? "application/fhir+json" : "application/json",
          "content-length": bytes.length,
          ...(authorization === undefined ? {} : { authorization }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => reject(new EngineError("CLI-108")));
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          resolve({ ok: status >= 200 && status < 300, code: String(status), id: idOf(Buffer.concat(chunks).toString("utf8")) });
        });
      },
    );
    call.on("timeout", () => call.destroy(new EngineError("CLI-108", { seconds: timeoutMs / 1000 })));
    call.on("error", (error) => reject(error instanceof EngineError ? error : new EngineError("CLI-107", { port: Number(url.port) })));
    call.end(bytes);
  });
}

/** The engine's id of an accepted message, or the code of why not. */
function idOf(body: string): string {
  try {
    const { id, code } = JSON.parse(body) as { id?: unknown; code?: unknown };
    const said = id ?? code;
    return typeof said === "string" || typeof said === "number" ? String(said) : "";
  } catch {
    return "";
  }
}
