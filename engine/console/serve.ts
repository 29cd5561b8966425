import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Operations } from "../runtime/operations.ts";
import { EngineError } from "../sdk/index.ts";
import type { AccessRecord } from "./access-record.ts";
import { consoleApp } from "./console-app.ts";
import { controlApp } from "./control-app.ts";

/** A door that stands open. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

const loopback: readonly string[] = ["127.0.0.1", "::1", "localhost"];

/** Serves the read-only console on loopback; any other host is refused until somebody can prove who is asking (CON-106). */
export async function serveConsole(options: {
  readonly operations: Operations;
  readonly port: number;
  readonly host?: string;
  /** The boundary map as it is now, SVG. */
  readonly map?: () => string;
}): Promise<Served> {
  const { operations, port, host = "127.0.0.1", map } = options;
  if (!loopback.includes(host)) throw new EngineError("CON-106", { host });
  const server = serverOf(consoleApp(operations, map));
  await listen(server, () => server.listen(port, host), { port });
  const address = server.address();
  const real = typeof address === "object" && address ? address.port : port;
  return { url: `http://${host.includes(":") ? `[${host}]` : host}:${real}/`, close: () => closed(server) };
}

/** Serves the control door on a unix socket: folder 0700, socket 0600, so only the engine's account gets in. */
export async function serveControl(options: {
  readonly operations: Operations;
  readonly path: string;
  readonly access: AccessRecord;
}): Promise<Served> {
  const { operations, path, access } = options;
  ownFolder(dirname(path));
  if (existsSync(path)) {
    if (await answers(path)) throw new EngineError("CON-108");
    rmSync(path);
  }
  const server = serverOf(controlApp(operations, access));
  await listen(server, () => server.listen(path), {});
  chmodSync(path, 0o600);
  return { url: `unix:${path}`, close: () => closed(server) };
}

/** A folder of ours alone; one that another account put there is not used. */
function ownFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) throw new EngineError("CON-108");
  chmodSync(folder, 0o700);
}

function serverOf(app: Hono): Server {
  const server = createServer(getRequestListener(app.fetch));
  server.requestTimeout = 10_000;
  server.maxConnections = 64;
  return server;
}

function listen(server: Server, start: () => void, safe: { readonly port?: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(cause.code === "EADDRINUSE" ? new EngineError("CON-107", safe) : new EngineError("CON-109", { cause: cause.code }));
    });
    server.once("listening", resolve);
    start();
  });
}

/** Ends at once, live streams included. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Whether somebody listens at a socket, or only its file was left behind. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
