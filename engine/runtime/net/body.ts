import type { IncomingMessage } from "node:http";
import type { Intake } from "./intake.ts";

/** Reads a request's body within the limit, as fast as the intake allows. */
export function readBody(request: IncomingMessage, limit: number, intake: Intake): Promise<Uint8Array | "too large" | "broken"> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    let settled = false;
    const seat = intake.join({ throttle: (on) => (on ? request.pause() : request.resume()) });
    const settle = (result: Uint8Array | "too large" | "broken") => {
      if (settled) return;
      settled = true;
      seat.leave();
      resolve(result);
    };
    request.on("data", (chunk: Buffer) => {
      if (settled) return;
      if (size + chunk.length > limit) return settle("too large");
      size += chunk.length;
      parts.push(chunk);
      seat.hold(size);
    });
    request.on("end", () => settle(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size)));
    request.on("error", () => settle("broken"));
    request.on("close", () => settle("broken"));
  });
}
