import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type VerifiedFile, verifyFile } from "./verify-file.ts";

/** Files one by one, some at a time in threads of their own; one file alone is read here. */
export async function verifyEach(paths: readonly string[], ask: readonly number[]): Promise<readonly VerifiedFile[]> {
  const threads = Math.min(availableParallelism(), paths.length);
  if (threads < 2) return paths.map((path) => verifyFile(path, new Set(ask)));
  const found: VerifiedFile[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const worker = new Worker(new URL(`./verify-thread-main.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url), { execArgv: [] });
      try {
        for (let at = next++; at < paths.length; at = next++) {
          found[at] = await new Promise<VerifiedFile>((resolve, reject) => {
            worker.once("message", (answer: VerifiedFile) => {
              worker.removeListener("error", reject);
              resolve(answer);
            });
            worker.once("error", reject);
            worker.postMessage({ path: paths[at], ask });
          });
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
  return found;
}
