import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const faultPoints = new URL("fault-points.ts", import.meta.url).href;
const command = join(import.meta.dirname, "../../engine/cli/sluice.mjs");

/** The engine as its operator runs it: `sluice run`, in its own process group, so that a kill reaches its workers too. */
export class EngineProcess {
  readonly pid: number;
  /** Resolves at the line that says it listens; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  readonly #said: string[] = [];

  /** `fault`: what `fault-points.ts` does to it. */
  constructor(folder: string, fault?: string) {
    const faulty = fault === undefined ? [] : ["--import", faultPoints];
    this.#child = spawn(process.execPath, [...faulty, command, "run", folder, "--port", "0", "--json"], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...(fault === undefined ? {} : { LEDGER_FAULT: fault }) },
    });
    this.pid = this.#child.pid ?? 0;
    this.ended = new Promise((resolve) => this.#child.once("close", (code, signal) => resolve(code ?? signal ?? 1)));
    createInterface({ input: this.#child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      this.#said.push(line);
      if (this.#said.length > 40) this.#said.shift();
    });
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
        if (isReady(line)) resolve();
      });
      void this.ended.then((how) => reject(new Error(`the engine ended (${how}) before it was ready:\n${this.words}`)));
    });
    this.ready.catch(() => undefined); // whoever waits for it hears of it; a killed start is no fault
  }

  /** The last lines of its log. */
  get words(): string {
    return this.#said.join("\n");
  }

  /** SIGKILL to the whole group, at once. */
  async kill(): Promise<void> {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // the group has gone already
    }
    await this.ended;
  }

  /** Asks it to stop, as an operator does. */
  stop(): Promise<number | NodeJS.Signals> {
    this.#child.kill("SIGTERM");
    return this.ended;
  }
}

function isReady(line: string): boolean {
  try {
    return (JSON.parse(line) as { event?: unknown }).event === "ready";
  } catch {
    return false;
  }
}
