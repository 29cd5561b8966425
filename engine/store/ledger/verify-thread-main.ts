import { parentPort } from "node:worker_threads";
import { verifyFile } from "./verify-file.ts";

parentPort?.on("message", ({ path, ask }: { readonly path: string; readonly ask: readonly number[] }) => parentPort?.postMessage(verifyFile(path, new Set(ask))));
