import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Ran {
  readonly code: number;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

const patienceMs = 240_000;
const startMs = 180_000;

/**
 * One shell in which a page is typed, block after block. Where the kernel allows, it has a network of its own with nothing but loopback:
 * the ports that a page names are then free, and nothing that runs can reach further.
 */
export class Terminal {
  readonly #folder: string;
  readonly #shell: ChildProcess;
  #output = "";
  #background = 0;

  private constructor(folder: string, shell: ChildProcess) {
    this.#folder = folder;
    this.#shell = shell;
    for (const stream of [shell.stdout, shell.stderr]) stream?.on("data", (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  static async open(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<Terminal> {
    const own = hasOwnNetwork();
    const [command = "", ...args] = [...(own ? ownNetwork : []), "bash", "--norc", "--noprofile"];
    const terminal = new Terminal(folder, spawn(command, args, { cwd: folder, env: { ...env, HOME: folder }, detached: true }));
    if (own) await terminal.run("ip link set lo up");
    return terminal;
  }

  /** Types a block and waits for its end; nothing can be asked, since there is no standard input. */
  async run(block: string): Promise<Ran> {
    const mark = `end-of-block-${randomUUID()}`;
    const from = this.#output.length;
    // Sourced, so that a change of folder lasts as it does for a person; the first command that fails ends the block.
    const file = join(this.#folder, ".typed");
    writeFileSync(file, `trap 'return $?' ERR\n${block}`);
    this.#type(`. ${file} </dev/null 2>&1; echo "${mark} $?"; trap - ERR`);
    const pattern = new RegExp(`${mark} (\\d+)`);
    for (const until = performance.now() + patienceMs; performance.now() < until; await pause(20)) {
      const found = pattern.exec(this.#output.slice(from));
      if (found) return { code: Number(found[1]), output: this.#output.slice(from, from + found.index) };
      if (this.#shell.exitCode !== null) break;
    }
    return { code: -1, output: this.#output.slice(from) };
  }

  /** Starts what goes on running, as in another window; `ready` says from its output so far whether it runs. */
  async start(block: string, ready: (output: string) => boolean): Promise<Ran> {
    const log = join(this.#folder, `.window-${++this.#background}`);
    rmSync(log, { force: true });
    this.#type(`set -m; ( ${block}\n) </dev/null >${log} 2>&1 & window${this.#background}=$!; set +m`);
    let output = "";
    for (const until = performance.now() + startMs; performance.now() < until; await pause(50)) {
      output = readIfThere(log);
      if (ready(output)) return { code: 0, output };
    }
    return { code: -1, output };
  }

  /** Ends what runs in the window that was opened as this number, counted from 1; waits until it is closed. */
  end(window: number): Promise<Ran> {
    // The window is a process group of its own, as in another terminal.
    return this.run(`kill -TERM -- -$window${window}\nwhile kill -0 -- -$window${window} 2>/dev/null; do sleep 0.05; done`);
  }

  /** Ends the shell with everything it started. */
  async close(): Promise<void> {
    const { pid } = this.#shell;
    if (pid === undefined || this.#shell.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#shell.once("exit", resolve));
    this.#type(`for window in \${!window*}; do [ $window = window ] || kill -TERM -- -\${!window} 2>/dev/null; done; exit`);
    const late = setTimeout(() => process.kill(-pid, "SIGKILL"), 10_000);
    await gone;
    clearTimeout(late);
  }

  #type(text: string): void {
    this.#shell.stdin?.write(`${text}\n`);
  }
}

const ownNetwork = ["unshare", "--user", "--map-root-user", "--net", "--"];

/** Asked of the kernel once: a container may forbid it, and then the page's own ports must be free. */
function hasOwnNetwork(): boolean {
  return spawnSync(ownNetwork[0] ?? "", [...ownNetwork.slice(1), "ip", "link", "set", "lo", "up"], { stdio: "ignore" }).status === 0;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
