import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type EngineOptions, type RunningEngine, startEngine } from "../../engine/cli/compose.ts";

/** A project written to a temporary folder, and the engine that runs it. */
export interface OnDisk {
  readonly root: string;
  readonly engine: RunningEngine;
  /** Event lines the engine logged. */
  readonly log: string[];
  /** Stops the engine and starts it again on the same store. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function engineOnDisk(files: Readonly<Record<string, string | Uint8Array>>, options: Partial<EngineOptions> = {}): Promise<OnDisk> {
  const root = mkdtempSync(join(tmpdir(), "sluice-test-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode: name.startsWith("secrets/") ? 0o600 : 0o644 });
  }
  const log: string[] = [];
  const start = () => startEngine({ root, log: (line) => log.push(line), allowVolatileStore: true, ...options });
  const onDisk = {
    root,
    log,
    engine: await start(),
    restart: async () => {
      await onDisk.engine.close();
      onDisk.engine = await start();
    },
    close: async () => {
      await onDisk.engine.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return onDisk;
}

/** Below the ports that systems hand out by themselves, so that no server on port 0 and no connection of another test takes one meanwhile. */
const [lowest, highest] = [11_000, 30_000];
let nextPort = lowest + ((process.pid * 211) % (highest - lowest));

/** A port nobody listens on; each test process goes through the range from a place of its own, and no port comes twice. */
export function freePort(): Promise<number> {
  const port = nextPort++;
  if (nextPort > highest) nextPort = lowest;
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(freePort()));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}

/** Sends one MLLP frame and gives the text of the answer; framing of its own, not the engine's. */
export function sendMllp(port: number, message: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer: Buffer = Buffer.alloc(0);
    socket.on("connect", () => socket.write(Buffer.concat([Buffer.from([0x0b]), Buffer.from(message), Buffer.from([0x1c, 0x0d])])));
    socket.on("data", (chunk) => {
      answer = Buffer.concat([answer, chunk as Buffer]);
      const end = answer.indexOf(0x1c);
      if (end < 0) return;
      socket.destroy();
      resolve(answer.subarray(1, end).toString("utf8"));
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without an answer")));
  });
}

/** Waits until `check` holds, looking every few milliseconds; as long as a slow machine with neighbours may take. */
export async function eventually(check: () => boolean, ms = 40_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!check()) {
    if (performance.now() > deadline) throw new Error("did not come to hold in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
