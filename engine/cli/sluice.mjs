#!/usr/bin/env node
// Plain JavaScript that old Nodes can read: finds a Node new enough to run the engine, then hands over to main.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const needed = 24;
const here = new URL(".", import.meta.url);
const major = Number(process.versions.node.split(".")[0]);

/** Commands that go on running. */
const lasting = new Set(["run", "demo", "dev"]);

if (major >= needed && lasting.has(process.argv[2]) && process.execve && !process.env.SLUICE_LEAN) lean();
if (major >= needed) {
  // In a clone the sources run as they are; the published package holds this file and `dist/`.
  const sources = existsSync(new URL("main.ts", here));
  if (sources) keepCompiled();
  const { main, watchFaults } = await import(new URL(sources ? "main.ts" : "../../dist/engine/cli/main.js", here).href);
  watchFaults();
  process.exitCode = await main(process.argv.slice(2));
} else {
  const newer = [
    `../../node_modules/node-${process.platform}-${process.arch}/bin/node`,
    "../../node_modules/.bin/node",
    "../../../.bin/node",
  ].map((path) => fileURLToPath(new URL(path, here))).find((path) => existsSync(path));
  if (newer && !process.env.SLUICE_NODE) handOver(newer);
  else {
    console.error(`sluice needs Node ${needed} or newer, this is ${process.version}: run "npm ci" in its folder, which brings one, or install it`);
    process.exitCode = 78;
  }
}

/**
 * The same process once more, with less memory kept for later: a young generation of V8 that stays small, an old one that is collected when it has
 * grown by 60 percent (V8 alone lets it double and more, and with it the buffers of messages that have long been delivered), and one arena of
 * malloc instead of one for each thread. A gigabyte of records then passes in a third less memory. At 40 percent the collector took a tenth more
 * processor time where messages are small. A flag and a variable of the environment are read at the start of a process alone.
 */
function lean() {
  const self = fileURLToPath(import.meta.url);
  const flags = ["--max-semi-space-size=8", "--heap-growing-percent=60"];
  process.execve(process.execPath, [process.execPath, ...flags, ...process.execArgv, self, ...process.argv.slice(2)], {
    MALLOC_ARENA_MAX: "1",
    ...process.env,
    SLUICE_LEAN: "yes",
  });
}

/**
 * Sources without their types, and compiled, are kept for the next process: a third of what a command takes in a clone. What is kept is code that is run, so it
 * stands among code, in `node_modules` of whoever runs this, and only where nobody else may write (decision 0046).
 */
function keepCompiled() {
  const among = new URL("../../node_modules/", here);
  const folder = new URL(".sluice/", among);
  const me = process.getuid?.();
  try {
    if (statSync(among).uid !== me) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid === me && (mode & 0o077) === 0) module.enableCompileCache(fileURLToPath(folder));
  } catch {
    // A clone that cannot be written in runs all the same.
  }
}

/** Runs the same call on the newer Node; the child gets our signals, we give back its end. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, SLUICE_NODE: "newer" },
  });
  // A terminal sends Ctrl-C to the whole group: the child has it already.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const name of ["SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, () => child.kill(name));
  child.on("error", () => {
    console.error(`sluice could not start ${node}`);
    process.exit(78);
  });
  child.on("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
