import type { ChildProcess } from "node:child_process";
import { type Clock, EngineError } from "../sdk/index.ts";
import { hasOwnNetwork, launch, type LaunchOptions, residentBytes } from "./launch.ts";
import type { Walls } from "./sandbox.ts";
import type { Probe } from "./worker/probe.ts";
import { FrameCutter, FrameReader, FrameWriter, kind, large } from "./worker/wire.ts";

const readyMs = 10_000;

export interface WorkerOptions {
  readonly clock: Clock;
  /** The modules that run inside, as JSON. */
  readonly modules: () => string;
  /** Isolates it keeps. */
  readonly keep: number;
  readonly maxFrame: number;
  /** Walls left out, in tests. */
  readonly without: LaunchOptions["without"];
  /** A script in the place of the worker's, in tests. */
  readonly script?: string;
  /** How long a worker may take to say that it is ready. */
  readonly readyMs?: number;
}

export interface WorkerEvents {
  frame(frameKind: number, frame: FrameReader): void;
  exit(): void;
}

/** One worker process and its pipe. */
export class WorkerProcess {
  readonly walls: Walls;
  readonly #child: ChildProcess;
  readonly #modules: () => string;
  #isTaught = false;

  private constructor(child: ChildProcess, walls: Walls, modules: () => string) {
    this.#child = child;
    this.walls = walls;
    this.#modules = modules;
  }

  /** Resolves when the worker has tried its walls. `maxFrame` bounds what a worker can make the engine keep. */
  static start(options: WorkerOptions, events: WorkerEvents): Promise<WorkerProcess> {
    const { modules, keep, maxFrame, without, script } = options;
    const { child } = launch({ ...(without ? { without } : {}), ...(script === undefined ? {} : { script }) });
    const cutter = new FrameCutter(maxFrame);
    return new Promise((resolve, reject) => {
      let ready = false;
      const refuse = (reason: string) => {
        late.cancel();
        child.kill("SIGKILL");
        reject(new EngineError("SBX-302", { reason }));
      };
      const late = options.clock.after(options.readyMs ?? readyMs, () => refuse("worker did not say that it is ready"));
      const read = (body: Buffer) => {
        const frame = new FrameReader(body);
        const frameKind = frame.u8();
        if (ready) return events.frame(frameKind, frame);
        if (frameKind !== kind.ready) throw new RangeError("not the first frame of a worker");
        const walls = wallsOf(JSON.parse(frame.text()) as Probe, hasOwnNetwork(child.pid));
        frame.finish();
        ready = true;
        late.cancel();
        resolve(new WorkerProcess(child, walls, modules));
      };
      child.stdout?.on("data", (chunk: Buffer) => {
        try {
          cutter.push(chunk, read);
        } catch {
          // A worker that breaks the protocol is as good as dead, and the cutter takes no more of it.
          child.kill("SIGKILL");
        }
      });
      const gone = () => (ready ? events.exit() : refuse("worker ended at start"));
      child.once("error", () => ready || gone());
      // Not "exit": what the worker wrote before its end is read first, and never taken for another worker's.
      child.once("close", gone);
      child.stdin?.on("error", () => {});
      WorkerProcess.write(child, new FrameWriter().start(kind.init).u32(keep).end());
    });
  }

  get rss(): number {
    return residentBytes(this.#child.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(frame: Buffer): void {
    WorkerProcess.write(this.#child, frame);
  }

  /** Sends messages, and ahead of the first the modules that run inside: many a worker checks syntax alone. */
  run(frame: Buffer): void {
    if (!this.#isTaught) this.send(new FrameWriter().start(kind.modules).text(this.#modules()).end());
    this.#isTaught = true;
    this.send(frame);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  private static write(child: ChildProcess, frame: Buffer): void {
    // The writer's buffer is used again, and the stream may keep what the kernel did not take at once. A large frame is ours alone.
    child.stdin?.write(frame.length >= large ? frame : Buffer.from(frame));
  }
}

function wallsOf(probe: Probe, ownNetwork: boolean): Walls {
  return {
    isolate: true,
    process: probe.environment === 0,
    permission: probe.readDenied,
    network: probe.connectDenied || ownNetwork,
  };
}
