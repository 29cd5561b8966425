import { type Clock, type Code, type Diagnostic, EngineError } from "../sdk/index.ts";
import type { Loaded } from "./batch.ts";
import type { LaunchOptions } from "./launch.ts";
import { insideText } from "./load.ts";
import { prepare, syntaxDiagnostics } from "./prepare.ts";
import type { ChannelProgram, RunInput, RunOutput, Sandbox, Walls } from "./sandbox.ts";
import { namesApart, programsApart, runName } from "./apart.ts";
import { Quarantine } from "./quarantine.ts";
import { Seat } from "./seat.ts";
import { tracedName, tracedProgram, withTrace } from "./trace.ts";

export type { ChannelProgram, RunInput, RunOutput, Sandbox, StepResult, Walls } from "./sandbox.ts";

export interface SandboxOptions {
  /** Worker processes; a channel stays with one. */
  readonly workers?: number;
  /** `reduced` lets the engine run where neither Node nor the kernel closes the network to a worker. */
  readonly walls: "full" | "reduced";
  readonly clock: Clock;
  /** The largest limits a channel has; each program names its own. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Resident memory of a worker beyond which it is killed. */
  readonly rssLimitMb?: number;
  /** Isolates a worker keeps; the one not used for longest goes first. */
  readonly isolates?: number;
  /** The secret from which `toFhir` makes ids; default: none, so that ids are the same on every machine. */
  readonly mapKey?: string;
  /** Walls left out, in tests of the others. */
  readonly without?: LaunchOptions["without"];
  /** Told when a worker was killed or died: `SBX-202` silence, `SBX-203` memory, `SBX-208` crash. */
  readonly onKill?: (reason: Code) => void;
}

/**
 * Starts the worker processes that run transforms and filters. Rejects with `SBX-301` where nothing closes the network
 * to them, unless `walls` is `reduced`, and with `SBX-302` where a worker cannot start.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox & Watched> {
  const rssLimitMb = options.rssLimitMb ?? 512 + 2 * options.memoryMb;
  const closed = options.walls === "full";
  const { clock, without, onKill } = options;
  const shared = { clock, modules: insideText, keep: options.isolates ?? 64, maxFrame: 256 * 1024 * 1024, without, rssLimitBytes: rssLimitMb * 1024 * 1024, onKill, closed };
  const quarantine: Quarantine = new Quarantine(clock, () => {
    const seat = new Seat({ ...shared, most: 1, onSuspect: (channel) => quarantine.suspect(channel) });
    seat.start();
    return seat;
  });
  const makeSeat = () => {
    const seat: Seat = new Seat({
      ...shared,
      most: maxMessages,
      onSuspect(channel, jobs) {
        quarantine.suspect(channel);
        quarantine.putBack(jobs);
        for (const job of seat.takeWaiting(channel)) quarantine.run(job);
      },
    });
    return seat;
  };
  const seats = Array.from({ length: options.workers ?? 1 }, makeSeat);
  const sandbox = new ProcessSandbox(seats, quarantine, options.mapKey);
  try {
    await sandbox.open();
    return sandbox;
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** For `doctor` and tests: the processes behind a sandbox. */
export interface Watched {
  readonly pids: readonly number[];
}

/** Messages of one frame. */
const maxMessages = 32;

interface Kept extends Loaded {
  readonly seat: Seat;
}

class ProcessSandbox implements Sandbox, Watched {
  readonly #seats: readonly Seat[];
  readonly #quarantine: Quarantine;
  readonly #mapKey: string | undefined;
  readonly #channels = new Map<string, Kept>();
  #walls: Walls = { isolate: false, process: false, permission: false, network: false };
  #handles = 0;
  #closed = false;

  constructor(seats: readonly Seat[], quarantine: Quarantine, mapKey: string | undefined) {
    this.#mapKey = mapKey;
    this.#seats = seats;
    this.#quarantine = quarantine;
  }

  get walls(): Walls {
    return this.#walls;
  }

  get pids(): readonly number[] {
    return [...this.#seats, this.#quarantine].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  /** A wall stands when it stands around every worker. */
  async open(): Promise<void> {
    const found = await Promise.all(this.#seats.map((seat) => seat.open()));
    const all = (wall: keyof Walls) => found.every((walls) => walls[wall]);
    this.#walls = { isolate: all("isolate"), process: all("process"), permission: all("permission"), network: all("network") };
  }

  /** All of a program or nothing: what has a mistake leaves what was loaded under these names in force. */
  async load(program: ChannelProgram): Promise<readonly Diagnostic[]> {
    const diagnostics: Diagnostic[] = [];
    const checked: Kept[] = [];
    for (const part of [...programsApart(program), program]) {
      if (this.#closed) throw new EngineError("SBX-304");
      const prepared = prepare(part, this.#mapKey);
      const seat = this.#channels.get(nameOf(part))?.seat ?? this.#quietest();
      const loaded: Kept = { handle: ++this.#handles, prepared, seat };
      checked.push(loaded);
      const mistakes = prepared.pieces.length === 0 ? [] : await seat.check(loaded);
      for (const each of [...prepared.diagnostics, ...syntaxDiagnostics(prepared, mistakes)]) if (!diagnostics.some((known) => isSame(known, each))) diagnostics.push(each);
    }
    if (diagnostics.length > 0) for (const { seat, handle } of checked) seat.forget(handle);
    else for (const loaded of checked) this.#keep(loaded);
    return diagnostics;
  }

  #keep(loaded: Kept): void {
    const name = nameOf(loaded.prepared.program);
    this.#forget(name);
    this.#quarantine.clear(name);
    this.#channels.set(name, loaded);
  }

  async unload(name: string): Promise<void> {
    const program = this.#channels.get(name)?.prepared.program;
    for (const apart of program ? namesApart(program) : []) this.#forget(apart);
    this.#forget(name);
  }

  #forget(name: string): void {
    const kept = this.#channels.get(name);
    this.#channels.delete(name);
    if (!kept) return;
    kept.seat.forget(kept.handle);
    this.#quarantine.forget(kept.handle);
    this.#forget(tracedName(name));
  }

  run(program: string, input: RunInput): Promise<RunOutput> {
    const name = runName(program, input);
    if (this.#closed) return Promise.reject(new EngineError("SBX-304"));
    const loaded = this.#channels.get(name);
    if (!loaded) return Promise.reject(new EngineError("SBX-303", { channel: name }));
    if (input.trace) return this.#traced(loaded.prepared.program, input);
    return new Promise((done) => (this.#quarantine.holds(name) ? this.#quarantine : loaded.seat).run({ loaded, input, done }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const seat of this.#seats) seat.close();
    this.#quarantine.close();
  }

  async #traced(program: ChannelProgram, { trace: _, ...input }: RunInput): Promise<RunOutput> {
    const traced = tracedProgram(program);
    const name = tracedName(nameOf(program));
    if (!this.#channels.has(name)) await this.load(traced);
    return withTrace(program, await this.run(name, input), input);
  }

  /** The seat that serves the fewest channels. */
  #quietest(): Seat {
    const served = (seat: Seat) => [...this.#channels.values()].filter((each) => each.seat === seat).length;
    const [first, ...rest] = this.#seats;
    if (!first) throw new EngineError("SBX-302");
    return rest.reduce((best, seat) => (served(seat) < served(best) ? seat : best), first);
  }
}

/** Code that is loaded for several formats has its mistakes once. */
function isSame(one: Diagnostic, other: Diagnostic): boolean {
  return one.code === other.code && one.at.file === other.at.file && one.at.line === other.at.line && one.at.column === other.at.column;
}

function nameOf({ name, channel }: ChannelProgram): string {
  return name ?? channel;
}
