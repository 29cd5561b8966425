import type ivm from "isolated-vm";
import { type InsideModule, openRealm, type Realm } from "./realm.ts";
import { status } from "./wire.ts";

/** A channel's program as the engine sent it; its realm is made at first use. */
interface Loaded {
  readonly json: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

export interface Ran {
  readonly status: number;
  readonly text: string;
}

/** A rejection that nobody handles surfaces here, with a place in guest code: piece, line and column as numbers. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? String(error.stack) : "";
  return /sluice-code-(\d{1,4}:\d{1,7}:\d{1,7})/.exec(stack)?.[1] ?? "";
}

/** Keeps programs by number and the realms that were used last. */
export class Runner {
  readonly #vm: typeof ivm;
  readonly #keep: number;
  readonly #programs = new Map<number, Loaded>();
  readonly #realms = new Map<number, Realm>();
  #modules: readonly InsideModule[] = [];

  constructor(vm: typeof ivm, keep: number) {
    this.#vm = vm;
    this.#keep = keep;
  }

  /** The modules that run inside, before the first message. */
  teach(modules: readonly InsideModule[]): void {
    this.#modules = modules;
  }

  load(handle: number, program: Loaded): void {
    this.unload(handle);
    this.#programs.set(handle, program);
  }

  unload(handle: number): void {
    this.#programs.delete(handle);
    this.#drop(handle);
  }

  /** Runs one message. A realm that did not end cleanly is never used again. */
  run(handle: number, id: string, receivedAt: number, text: string): Ran {
    const program = this.#programs.get(handle);
    if (!program) return { status: status.unknown, text: "" };
    let realm: Realm | undefined;
    try {
      realm = this.#realm(handle, program);
      const until = performance.now() + program.timeoutMs;
      let result = realm.run.applySync(undefined, [id, receivedAt, text], { timeout: program.timeoutMs });
      while (typeof result !== "string") {
        const left = Math.ceil(until - performance.now());
        if (left <= 0) throw new Error("timed out");
        result = realm.resume.applySync(undefined, [], { timeout: left });
      }
      return { status: status.done, text: result };
    } catch (error) {
      const disposed = realm === undefined || realm.isolate.isDisposed;
      this.#drop(handle);
      if (disposed) return { status: status.memory, text: "" };
      const late = error instanceof Error && error.message.includes("timed out");
      return late ? { status: status.timeout, text: "" } : { status: status.threw, text: placeOf(error) };
    }
  }

  #realm(handle: number, program: Loaded): Realm {
    const kept = this.#realms.get(handle);
    if (kept && !kept.isolate.isDisposed) {
      if (this.#realms.size > 1) {
        this.#realms.delete(handle);
        this.#realms.set(handle, kept);
      }
      return kept;
    }
    const made = openRealm(this.#vm, this.#modules, program);
    this.#realms.set(handle, made);
    const [oldest] = this.#realms.keys();
    if (this.#realms.size > this.#keep && oldest !== undefined) this.#drop(oldest);
    return made;
  }

  #drop(handle: number): void {
    const realm = this.#realms.get(handle);
    this.#realms.delete(handle);
    if (realm && !realm.isolate.isDisposed) realm.isolate.dispose();
  }
}
