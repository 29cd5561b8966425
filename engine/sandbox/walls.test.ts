import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasOwnNetwork, launch, type LaunchOptions } from "./launch.ts";
import { insideModules } from "./load.ts";
import { body, message, openSandbox, program } from "./samples.ts";

/** What code that got out of its isolate would try, run in the place of the worker with the worker's own flags. */
const escaped = (port: number, secretFile: string) => `
import { readFileSync, writeFileSync, readdirSync, writeSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { createSocket } from "node:dgram";
import { Worker } from "node:worker_threads";
const tried = {};
const attempt = (name, run) => { try { tried[name] = "ok " + String(run() ?? "").slice(0, 40); } catch (e) { tried[name] = e.code ?? e.message; } };
attempt("read", () => readFileSync(${JSON.stringify(secretFile)}, "utf8"));
attempt("passwd", () => readFileSync("/etc/passwd", "utf8"));
attempt("environ", () => readFileSync("/proc/self/environ", "utf8"));
attempt("parent", () => readFileSync("/proc/" + process.ppid + "/environ", "utf8"));
attempt("list", () => readdirSync("/"));
attempt("write", () => writeFileSync(${JSON.stringify(`${secretFile}.out`)}, "x"));
attempt("spawn", () => { const r = spawnSync("/bin/true"); if (r.error) throw r.error; });
attempt("thread", () => { new Worker("1", { eval: true }); });
tried.env = Object.keys(process.env).length;
tried.cwd = (() => { try { return process.cwd(); } catch (e) { return e.code; } })();
const udp = () => new Promise((done) => { try { const s = createSocket("udp4"); s.once("error", (e) => done(e.code)); s.send("x", ${port}, "127.0.0.1", (e) => { done(e ? e.code : "ok"); s.close(); }); } catch (e) { done(e.code); } });
const tcp = () => new Promise((done) => { try { const s = connect(${port}, "127.0.0.1"); s.once("error", (e) => done(e.code)); s.once("connect", () => { done("ok"); s.destroy(); }); } catch (e) { done(e.code); } });
tried.tcp = await tcp();
tried.udp = await udp();
writeSync(1, JSON.stringify(tried));
process.exit(0);
`;

let folder: string;
let server: Server;
let connections = 0;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-walls-"));
  const secretFile = join(folder, "secret");
  writeFileSync(secretFile, "the secret");
  server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  script = join(folder, "escaped.mjs");
  writeFileSync(script, escaped((server.address() as { port: number }).port, secretFile));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function escape(options: LaunchOptions = {}): Promise<Record<string, unknown>> {
  const { child } = launch({ script, ...options });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(said) as Record<string, unknown>;
}

describe("code that got out of its isolate", () => {
  it("finds no file, no socket, no environment, no child", async () => {
    const denied = "ERR_ACCESS_DENIED";
    expect(await escape()).toMatchObject({
      read: denied,
      passwd: denied,
      environ: denied,
      parent: denied,
      list: denied,
      write: denied,
      spawn: denied,
      thread: denied,
      env: 0,
      tcp: expect.not.stringContaining("ok"),
      udp: expect.not.stringContaining("ok"),
    });
    expect(connections).toBe(0);
  });
  it("and would find them without the walls: the attempts are real", async () => {
    const before = connections;
    expect(await escape({ without: "both" })).toMatchObject({ read: "ok the secret", spawn: "ok ", tcp: "ok", env: 0 });
    await expect.poll(() => connections, { timeout: 30_000 }).toBe(before + 1);
  });
  it.runIf(process.platform === "linux" && launchable())("an empty network stops it without Node's permissions", async () => {
    const before = connections;
    expect(await escape({ without: "permission" })).toMatchObject({ read: "ok the secret", tcp: expect.stringMatching(/ENETUNREACH|ECONNREFUSED/) });
    expect(connections).toBe(before);
  });
});

/** Whether this kernel gives a process a network of its own. */
function launchable(): boolean {
  const { child, ownNetwork } = launch();
  child.kill("SIGKILL");
  return ownNetwork;
}

describe("a worker", () => {
  it("says which walls stand", async () => {
    const sandbox = await openSandbox();
    expect(sandbox.walls).toEqual({ isolate: true, process: true, permission: true, network: true });
    await sandbox.close();
  });

  it.runIf(process.platform === "linux")("holds no environment, no file, no capability, and would leave no core", async () => {
    process.env.SLUICE_TEST_SECRET = "visible";
    const sandbox = await openSandbox();
    await sandbox.load(program({ transform: body("return { id: meta.id }") }));
    await sandbox.run("lab", message());
    const [pid] = sandbox.pids;
    const held = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    expect(held.filter((target) => target.startsWith("/") && target !== "/dev/null")).toEqual([]);
    expect(readFileSync(`/proc/${pid}/environ`, "latin1")).toBe("");
    expect(readFileSync(`/proc/${pid}/limits`, "latin1")).toMatch(/Max core file size\s+0\s/);
    expect(hasOwnNetwork(pid)).toBe(launchable());
    if (launchable()) expect(readFileSync(`/proc/${pid}/status`, "latin1")).toMatch(/CapEff:\s+0+\n/);
    await sandbox.close();
    delete process.env.SLUICE_TEST_SECRET;
  });

  it("is refused without a network wall unless fewer walls are asked for", async () => {
    const without = "both";
    await expect(openSandbox({ without })).rejects.toMatchObject({ code: "SBX-301" });
    const reduced = await openSandbox({ without, walls: "reduced" });
    expect(reduced.walls).toEqual({ isolate: true, process: true, permission: false, network: false });
    await reduced.load(program({ transform: body("return { id: meta.id }") }));
    expect((await reduced.run("lab", message())).results).toMatchObject([{ text: '{"id":"m-1"}' }]);
    await reduced.close();
  });

  it("ends with the engine", async () => {
    const sandbox = await openSandbox();
    const [pid = 0] = sandbox.pids;
    await sandbox.close();
    await expect.poll(() => alive(pid), { timeout: 30_000 }).toBe(false);
  });
});

describe("an engine that is killed", () => {
  it.runIf(process.platform === "linux" && launchable())("takes a busy worker with it", async () => {
    const engine = join(folder, "engine.mjs");
    const samples = JSON.stringify(new URL("./samples.ts", import.meta.url).href);
    writeFileSync(
      engine,
      `const { openSandbox, program, body, message } = await import(${samples});
       const sandbox = await openSandbox();
       await sandbox.load(program({ transform: body("for (;;);"), limits: { timeoutMs: 60_000 } }));
       void sandbox.run("lab", message());
       setTimeout(() => { process.stdout.write(String(sandbox.pids[0]), () => process.kill(process.pid, "SIGKILL")); }, 100);`,
    );
    const pid = Number(spawnSync(process.execPath, [engine], { encoding: "utf8" }).stdout);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => alive(pid), { timeout: 30_000 }).toBe(false);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Without a parent that collects it, a dead process keeps its number.
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

describe("the modules inside", () => {
  it("are read by the engine, hand over what they declare, and keep no state of their own", () => {
    const modules = insideModules();
    expect(modules.at(-1)?.name).toMatch(/sandbox\/inside\/main\.[jt]s$/);
    for (const { name, code } of modules) {
      expect(code, name).not.toMatch(/^(?:export\s+)?(?:let|var)\s/m);
      // A map or set that is filled after its making could carry content from one message to the next.
      for (const [, held] of code.matchAll(/^(?:export )?const (\w+)[^=\n]*= new (?:Weak)?(?:Map|Set)\b/gm)) {
        if (name.endsWith("inside/seal.ts")) continue;
        expect(code, `${name}: ${held}`).not.toMatch(new RegExp(`\\b${held}\\.(?:set|add)\\(`));
      }
    }
  });
});
