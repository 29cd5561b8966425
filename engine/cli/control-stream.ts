import { request } from "node:http";
import { EngineError, type Code } from "../sdk/error.ts";

/** A stream that says nothing for so long has lost its engine: that one gives a sign of life every few seconds. */
const silenceMs = 20_000;

/** Follows lines of JSON from a running engine until it ends, or the signal does. Rejects with the engine's code, or CLI-101 when nobody listens. */
export function followControl(path: string, url: string, signal: AbortSignal, onLine: (line: Readonly<Record<string, unknown>>) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: path, path: url, timeout: silenceMs }, (response) => {
      let text = "";
      let refused: Code | undefined;
      const take = (line: string) => {
        if (line.trim() === "") return;
        const read = JSON.parse(line) as Readonly<Record<string, unknown>>;
        if (response.statusCode === 200) onLine(read);
        else refused = read["code"] as Code;
      };
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        const lines = (text + chunk).split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) take(line);
      });
      // An engine that stops breaks the stream off; either way there is nothing more to come.
      response.on("error", () => undefined);
      response.on("close", () => {
        if (response.statusCode === 200) return resolve();
        take(text);
        reject(new EngineError(refused ?? "CLI-104", { status: response.statusCode }));
      });
    });
    call.on("timeout", () => call.destroy(new EngineError("CLI-108", { seconds: silenceMs / 1000 })));
    call.on("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) return resolve();
      reject(["ENOENT", "ECONNREFUSED", "EACCES"].includes(error.code ?? "") ? new EngineError("CLI-101") : error);
    });
    signal.addEventListener("abort", () => call.destroy(), { once: true });
    call.end();
  });
}
