import type { IncomingMessage } from "node:http";
import type { Budget, Gate } from "../budget.ts";

/**
 * Reads a request's body within the limit, counting it into the budget; the caller gives the bytes back.
 * While the gate is exhausted nothing more is read.
 */
export function readBody(request: IncomingMessage, limit: number, budget: Budget, gate: Gate): Promise<Uint8Array | "too large" | "broken"> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    let settled = false;
    const unsubscribe = gate.onChange((exhausted) => (exhausted ? request.pause() : request.resume()));
    const settle = (result: Uint8Array | "too large" | "broken") => {
      if (settled) return;
      settled = true;
      unsubscribe();
      if (typeof result === "string") budget.give(size);
      resolve(result);
    };
    request.on("data", (chunk: Buffer) => {
      if (settled) return;
      if (size + chunk.length > limit) return settle("too large");
      size += chunk.length;
      parts.push(chunk);
      budget.take(chunk.length);
    });
    request.on("end", () => settle(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size)));
    request.on("error", () => settle("broken"));
    request.on("close", () => settle("broken"));
  });
}
