import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startEngine, type EngineOptions, type RunningEngine } from "../../engine/cli/compose.ts";
import { main } from "../../engine/cli/main.ts";
import { openDoors } from "../../engine/cli/doors.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { createMissingSecrets } from "../../engine/cli/secrets-needed.ts";
import { startSimulators, type Simulators } from "../simulators/simulators.ts";

/** Ports of the example: what it listens at, and where its partners are. */
const examplePort = /\b(25[7-9]\d|80[4-9]\d)\b/g;

/** The example project of `channels/`, running on free ports with its partners simulated. */
export interface ExampleProject {
  readonly root: string;
  readonly engine: RunningEngine;
  readonly peers: Simulators;
  readonly log: readonly string[];
  /** The real port for one that the example names. */
  at(port: number): number;
  /** `sluice send FILE`; waits until no lane has anything to do. */
  send(file: string): Promise<void>;
  cli(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Waits until every message has its end. */
  settled(): Promise<void>;
  secret(name: string): string;
  /** Ends the engine and starts it again on the same record. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param change what a test wants otherwise in a file of the project, given its text and name */
export async function exampleProject(change: (text: string, file: string) => string = (text) => text, options: Partial<EngineOptions> = {}): Promise<ExampleProject> {
  // A port that was free may be somebody's by the time it is opened: many tests take some at a time.
  for (let tries = 3; ; tries--) {
    try {
      return await started(change, options);
    } catch (error) {
      const { code } = error as { code?: string };
      if (tries === 1 || (code !== "EADDRINUSE" && code !== "NET-101")) throw error;
    }
  }
}

async function started(change: (text: string, file: string) => string, options: Partial<EngineOptions>): Promise<ExampleProject> {
  const root = mkdtempSync(join(tmpdir(), "sluice-example-"));
  const ports = new Map<number, number>();
  const at = (port: number) => ports.get(port) ?? port;
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
    await peers?.close();
    rmSync(root, { recursive: true, force: true });
  };
  const running = () => engine as RunningEngine;
  const settled = () => expect.poll(() => running().operations.status().lanes.reduce((sum, lane) => sum + lane.depth, 0), { timeout: 15_000 }).toBe(0);
  const cli = async (...argv: string[]) => {
    const terminal = sampleTerminal({ cwd: root });
    const code = await main(argv, terminal);
    return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
  };
  try {
    cpSync("channels", root, { recursive: true, filter: (path) => !/[\\/](\.sluice|secrets)([\\/]|$)/.test(path) });
    const files = readdirSync(root).filter((file) => file.endsWith(".yaml"));
    const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
    const named = [...new Set([...texts.values()].flatMap((text) => text.match(examplePort) ?? []))];
    for (const [i, port] of (await freePorts(named.length)).entries()) ports.set(Number(named[i]), port);
    for (const [file, text] of texts) writeFileSync(join(root, file), change(text.replace(examplePort, (port) => String(at(Number(port)))), file));
    peers = await startSimulators(at);
    await createMissingSecrets(root);
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    root,
    get engine() {
      return running();
    },
    peers,
    log,
    at,
    send: async (file) => {
      const { code, err } = await cli("send", file);
      expect([code, err]).toEqual([0, ""]);
      await settled();
    },
    cli,
    settled,
    secret: (name) => readFileSync(join(root, "secrets", name), "utf8").trim(),
    restart: async () => {
      await stop();
      await start();
    },
    close,
  };
}

/** Ports that are free, each another: all are held until the last is known. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
