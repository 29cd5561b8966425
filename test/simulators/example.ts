import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type EngineOptions, type RunningEngine, startEngine } from "../../engine/cli/compose.ts";
import { openDoors } from "../../engine/cli/doors.ts";
import { createMissingSecrets } from "../../engine/cli/secrets-needed.ts";
import { preparePlaces } from "./places.ts";
import { type Simulators, startSimulators } from "./simulators.ts";

/** Ports of the example: what it listens at, and where its partners are. */
const examplePort = /\b(25[7-9]\d|80[4-9]\d)\b/g;

/** A copy of the example project, running on free ports with its partners simulated, beside whatever else runs on this machine. */
export interface Example {
  readonly root: string;
  readonly engine: RunningEngine;
  readonly peers: Simulators;
  readonly log: readonly string[];
  /** The real port for one that the example names. */
  at(port: number): number;
  secret(name: string): string;
  /** Resolves when no lane has anything to do; what is held for somebody is nothing to do. False: some lane still had after `withinMs`. */
  idle(withinMs: number): Promise<boolean>;
  /** Ends the engine and starts it again on the same record; `between` the two another may run on it. */
  restart(between?: () => Promise<void>): Promise<void>;
  /** Rejects where a partner without an agreement has received somebody's identifier. */
  close(): Promise<void>;
}

export interface ExampleOptions extends Partial<EngineOptions> {
  /** What is wanted otherwise in a file of the project, given its text and name. */
  readonly change?: (text: string, file: string) => string;
}

/** Starts a copy of the example project in a temporary folder; nothing of it is left when it is closed. @param from its folder */
export async function startExample(from: string, options: ExampleOptions = {}): Promise<Example> {
  // A port that was free may be somebody's by the time it is opened: many may look for some at a time.
  for (let tries = 3; ; tries--) {
    try {
      return await started(from, options);
    } catch (error) {
      const { code } = error as { code?: string };
      if (tries === 1 || (code !== "EADDRINUSE" && code !== "NET-101")) throw error;
    }
  }
}

async function started(from: string, { change = (text) => text, ...options }: ExampleOptions): Promise<Example> {
  const root = mkdtempSync(join(tmpdir(), "sluice-example-"));
  const log: string[] = [];
  let peers: Simulators | undefined;
  let engine: RunningEngine | undefined;
  let doors: Awaited<ReturnType<typeof openDoors>> | undefined;
  const start = async () => {
    engine = await startEngine({ root, log: (line) => void log.push(line), allowVolatileStore: true, ...options });
    doors = await openDoors(engine, 0);
  };
  const stop = async () => {
    await doors?.close();
    await engine?.close();
  };
  const close = async () => {
    await stop();
    rmSync(root, { recursive: true, force: true });
    await peers?.close();
  };
  const running = () => engine as RunningEngine;
  try {
    const at = await copied(from, root, change);
    preparePlaces(root);
    peers = await startSimulators(at, root);
    await createMissingSecrets(root);
    await start();
    return {
      root,
      get engine() {
        return running();
      },
      peers,
      log,
      at,
      secret: (name) => readFileSync(join(root, "secrets", name), "utf8").trim(),
      idle: async (withinMs) => {
        for (const until = Date.now() + withinMs; Date.now() < until; await pause(20)) {
          if (running().operations.status().lanes.every(({ depth, held }) => depth === held)) return true;
        }
        return false;
      },
      restart: async (between) => {
        await stop();
        await between?.();
        // A port that is free for a moment may be somebody's.
        for (let tries = 20; ; tries--) {
          const failed = await start().then(() => undefined, (error: unknown) => error as { code?: string });
          if (!failed) return;
          if (tries === 1 || failed.code !== "NET-101") throw failed;
          await pause(250);
        }
      },
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

/** The project's files as git knows them, with free ports in place of the example's. Gives the real port for one of those. */
async function copied(from: string, root: string, change: (text: string, file: string) => string): Promise<(port: number) => number> {
  cpSync(from, root, { recursive: true, filter: (path) => !/[\\/](\.sluice|secrets|out)([\\/]|$)/.test(path.slice(from.length)) });
  const files = readdirSync(root).filter((file) => file.endsWith(".yaml"));
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
  const named = [...new Set([...texts.values()].flatMap((text) => text.match(examplePort) ?? []))];
  const ports = new Map((await freePorts(named.length)).map((port, i) => [Number(named[i]), port]));
  const at = (port: number) => ports.get(port) ?? port;
  for (const [file, text] of texts) writeFileSync(join(root, file), change(text.replace(examplePort, (port) => String(at(Number(port)))), file));
  return at;
}

/** Below those that systems hand out by themselves: no server on port 0 and no connection takes one of them while the engine is down for a restart. */
const [lowest, highest] = [11_000, 30_000];
let nextPort = lowest + ((process.pid * 211 + 9_500) % (highest - lowest));

/** Ports that are free, each another: all are held until the last is known. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  for (let tries = highest - lowest; servers.length < count; tries--) {
    if (tries === 0) throw new Error("no free ports");
    const port = nextPort++;
    if (nextPort > highest) nextPort = lowest;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (isFree) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
