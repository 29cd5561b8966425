import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** One line of JSON that a program of the bench printed. */
export interface Line {
  readonly event: string;
  readonly [key: string]: unknown;
}

/** A program that talks in lines: JSON comes out of it, short commands go in. */
export class Talker {
  readonly process: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #waiting: { readonly event: string; resolve(line: Line): void; reject(error: Error): void }[] = [];
  #ended = false;

  constructor(command: string, args: readonly string[]) {
    this.process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.process.stdout as NodeJS.ReadableStream }).on("line", (text) => this.#take(JSON.parse(text) as Line));
    this.process.on("exit", (code) => {
      this.#ended = true;
      for (const w of this.#waiting.splice(0)) w.reject(new Error(`${command} ended (${code}) before "${w.event}"`));
    });
    this.process.stdin?.on("error", () => undefined);
  }

  #take(line: Line): void {
    const at = this.#waiting.findIndex((w) => w.event === line.event);
    if (at < 0) this.#lines.push(line);
    else this.#waiting.splice(at, 1)[0]?.resolve(line);
  }

  /** The next line of this event, already printed or still to come. */
  next(event: string): Promise<Line> {
    const at = this.#lines.findIndex((l) => l.event === event);
    const [line] = at < 0 ? [] : this.#lines.splice(at, 1);
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.reject(new Error(`program ended before "${event}"`));
    return new Promise((resolve, reject) => this.#waiting.push({ event, resolve, reject }));
  }

  ask(command: string, event: string): Promise<Line> {
    const answer = this.next(event);
    this.process.stdin?.write(`${command}\n`);
    return answer;
  }

  /** Ends the program by closing its standard input. */
  stop(): void {
    this.process.stdin?.end();
  }
}
