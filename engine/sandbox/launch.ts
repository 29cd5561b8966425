import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EngineError } from "../sdk/index.ts";
import { keptWithoutTypes } from "./without-types.ts";

const workerDir = join(import.meta.dirname, "worker");

/** The namespaces a worker gets where the kernel allows: its own user, an empty network, and no shared memory or host name. */
const namespaces = ["--user", "--map-root-user", "--net", "--ipc", "--uts", "--"];

/** A started worker, and whether its network is its own. Descriptors: a pipe in and a pipe out, nothing else. */
export interface Launched {
  readonly child: ChildProcess;
  readonly ownNetwork: boolean;
}

export interface LaunchOptions {
  /** A script in the place of the worker's, to test the walls. */
  readonly script?: string;
  /** Leaves out walls, to test that the others stand alone and that their tests can fail. */
  readonly without?: "permission" | "namespace" | "both";
}

/** Starts a worker: empty environment, no files but its own sources and isolated-vm, no core dumps, no network. */
export function launch(options: LaunchOptions = {}): Launched {
  const addon = addonPath();
  const sources = workerSources();
  const script = options.script ?? sources.find((path) => /[\\/]main\.\w+$/.test(path)) ?? "";
  const readable = [script, addon, ...sources];
  const permission = ["--permission", "--allow-addons", ...readable.map((path) => `--allow-fs-read=${path}`)];
  const node = [
    process.execPath,
    ...(options.without === "permission" || options.without === "both" ? [] : permission),
    "--no-node-snapshot",
    "--no-warnings",
    script,
    addon,
  ];
  const prefix = options.without === "namespace" || options.without === "both" ? [] : namespacePrefix();
  // A shell leaves PWD behind, so the environment is emptied once more.
  const bare = existsSync("/usr/bin/env") ? ["/usr/bin/env", "-i", ...node] : node;
  const limited = existsSync("/bin/sh") ? ["/bin/sh", "-c", 'ulimit -c 0; exec "$@"', "sh", ...bare] : bare;
  const [command = "", ...args] = [...prefix, ...limited];
  const child = spawn(command, args, { env: {}, cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
  return { child, ownNetwork: prefix.length > 0 };
}

/** Whether a process has left this process's network namespace; told by the kernel, not by the process. */
export function hasOwnNetwork(pid: number | undefined): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync("/proc/self/ns/net");
  } catch {
    return false;
  }
}

/** Resident memory of a process in bytes; 0 where the system does not tell. */
export function residentBytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * 4096;
  } catch {
    return 0;
  }
}

/** In its own user namespace a worker is root over little, but could still ask much of the kernel. It dies with the engine. */
const powerless = ["--pdeathsig=KILL", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"];

const found: { prefix?: readonly string[] } = {};

/** The command that puts a process into namespaces of its own; tried once, because a kernel or container may forbid them. */
function namespacePrefix(): readonly string[] {
  if (found.prefix) return found.prefix;
  const unshare = pathOf("unshare");
  const setpriv = pathOf("setpriv");
  const plain = unshare ? [unshare, ...namespaces] : [];
  const full = unshare && setpriv ? [...plain, setpriv, ...powerless] : [];
  found.prefix = [full, plain].find(([command, ...args]) => command && succeeds(command, [...args, "/bin/true"])) ?? [];
  return found.prefix;
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { env: {}, stdio: "ignore" }).status === 0;
}

function pathOf(tool: string): string | undefined {
  return [`/usr/bin/${tool}`, `/bin/${tool}`].find((path) => existsSync(path));
}

/** As JavaScript where that can be had: each worker would else take the types out anew, half of the time of its start. */
function workerSources(): readonly string[] {
  const sources = readdirSync(workerDir).filter((name) => /(?<!\.test|\.d)\.[jt]s$/.test(name)).map((name) => join(workerDir, name));
  if (!sources.every((path) => path.endsWith(".ts"))) return sources;
  const kept = sources.map((path) => keptWithoutTypes(path, (text) => text.replace(/(\bfrom "\.\/[\w-]+)\.ts"/g, '$1.mjs"')));
  return kept.every((path) => path !== undefined) ? kept : sources;
}

/** isolated-vm's prebuilt by its path: its own loader looks at files that a worker may not read. */
function addonPath(): string {
  const dir = dirname(createRequire(import.meta.url).resolve("isolated-vm/package.json"));
  const { platform, arch, versions } = process;
  const prebuilds = join(dir, "prebuilds", `${platform}-${arch}`);
  const abi = `isolated-vm.abi${versions.modules}`;
  const libc = isMusl() ? "musl" : "glibc";
  const path = [`${abi}.${libc}.node`, `${abi}.node`].map((name) => join(prebuilds, name)).find((each) => existsSync(each));
  if (path === undefined) throw new EngineError("SBX-302", { reason: "isolated-vm has no build for this Node and system" });
  return path;
}

function isMusl(): boolean {
  return process.platform === "linux" && existsSync("/etc/alpine-release");
}
