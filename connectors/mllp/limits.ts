import { type Code, durationMs, sizeBytes } from "../../engine/sdk/index.ts";
import type { FramerLimits } from "./framer.ts";
import type { SourceOptions } from "./options.ts";

/** What a peer may take of the engine before its connection is closed; MLLP itself knows no limit and no login. */
export interface Limits extends FramerLimits {
  readonly headerMs: number;
  readonly frameMs: number;
  readonly idleMs: number;
  readonly graceMs: number;
  readonly minBytesPerSecond: number;
}

/** How a connection stands: `new` until its first frame, `busy` while the engine has a message of it. */
export interface Progress {
  readonly state: "new" | "frame" | "busy" | "idle";
  /** Milliseconds since the state began. */
  readonly elapsed: number;
  /** Bytes of the unfinished frame. */
  readonly bytes: number;
}

/** Which of its times a connection has used up. While the engine itself is at work, none. */
export function lateness({ state, elapsed, bytes }: Progress, limits: Limits): Code | undefined {
  if (state === "new") return elapsed > limits.headerMs ? "MLP-108" : undefined;
  if (state === "idle") return elapsed > limits.idleMs ? "MLP-109" : undefined;
  if (state === "busy") return undefined;
  if (elapsed > limits.frameMs) return "MLP-106";
  return elapsed > limits.graceMs && (bytes * 1000) / elapsed < limits.minBytesPerSecond ? "MLP-107" : undefined;
}

export function limitsOf(options: SourceOptions): Limits {
  return {
    maxFrame: sizeBytes(options.maxFrame),
    maxGarbage: sizeBytes(options.maxGarbage),
    headerMs: durationMs(options.headerTimeout),
    frameMs: durationMs(options.frameTimeout),
    idleMs: durationMs(options.idleTimeout),
    graceMs: durationMs(options.grace),
    minBytesPerSecond: sizeBytes(options.minRate),
  };
}

/** How often the times of all connections are looked at: no timer per frame. */
export function checkEveryMs({ headerMs, frameMs, idleMs, graceMs }: Limits): number {
  return Math.min(1000, Math.max(20, Math.min(headerMs, frameMs, idleMs, graceMs) / 4));
}
