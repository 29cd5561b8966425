import { formatDiagnostics } from "../config/index.ts";
import type { Channel } from "../config/project.ts";
import type { ReloadReport } from "../runtime/reload-plan.ts";
import { trial } from "../runtime/trial.ts";
import { traceOf } from "../runtime/trial-trace.ts";
import { type Diagnostic, EngineError } from "../sdk/index.ts";
import { describe } from "./catalogues.ts";
import type { Terminal } from "./command.ts";
import { type LoadedProject, loadProject, ProjectError, type RunningEngine } from "./compose.ts";
import { devMessage, isGivenBy, type LastReceived } from "./dev-message.ts";
import { printable } from "./printable.ts";
import { showSteps } from "./show-steps.ts";
import { type Step, stepsOf } from "./steps.ts";
import { openTrials, type Trials } from "./trials.ts";

export interface DevOptions {
  readonly root: string;
  /** How the project is called in reports. */
  readonly folder: string;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly start: () => Promise<RunningEngine>;
  readonly last?: (engine: RunningEngine) => LastReceived;
}

/** A file that an editor has not finished is read again after this long before anybody hears of its mistakes. */
const againMs = 120;

/** What happens at each save: read, lint, reload of what changed, and one message tried through each channel that did. */
export class DevLoop {
  readonly #options: DevOptions;
  /** By channel: the last run. */
  readonly #runs = new Map<string, readonly Step[]>();
  #engine: RunningEngine | undefined;
  #trials: Trials | undefined;
  #loaded: LoadedProject | undefined;
  #said = "";
  #work: Promise<void> = Promise.resolve();

  constructor(options: DevOptions) {
    this.#options = options;
  }

  get engine(): RunningEngine | undefined {
    return this.#engine;
  }

  /** Saves are worked off one after the other. Never rejects: what goes wrong is said. */
  saved(files: ReadonlySet<string>): Promise<void> {
    this.#work = this.#work.then(() => this.#save(files)).catch((error: unknown) => this.#fault(error));
    return this.#work;
  }

  async close(): Promise<void> {
    await this.#work;
    await this.#trials?.close();
    await this.#engine?.close();
  }

  async #save(files: ReadonlySet<string>): Promise<void> {
    const started = performance.now();
    const loaded = await this.#read();
    if (!loaded) return;
    let tried: readonly string[] | "all" = "all";
    if (!this.#engine) {
      this.#engine = await this.#options.start();
    } else {
      const report = await this.#engine.reload(loaded);
      this.#reloaded(report, performance.now() - started);
      // Partners, settings and lookups belong to every channel.
      const isCommon = [...files].some((file) => file === "partners.yaml" || file === "sluice.yaml");
      if (!isCommon) tried = [...report.added, ...report.changed];
    }
    this.#loaded = loaded;
    this.#warn(loaded.warnings, loaded.sources);
    if (this.#trials) await this.#trials.adopt(loaded);
    else this.#trials = await openTrials(loaded);
    const isFirst = files.size === 0;
    for (const channel of loaded.project.channels) {
      if (tried === "all" || tried.includes(channel.name) || isGivenBy(channel, files)) await this.#try(channel, isFirst);
    }
  }

  /** The project as it is on disk; what is wrong with it is said once, and only when it stays wrong. */
  async #read(): Promise<LoadedProject | undefined> {
    const read = () => loadProject(this.#options.root, this.#loaded ? { registry: this.#loaded.registry } : {});
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
      return read();
    }
  }

  /** The message of the channel on its path, with nothing leaving. */
  async #try(channel: Channel, isFirst: boolean): Promise<void> {
    const { root, terminal, json, last } = this.#options;
    const message = await devMessage(channel, root, this.#engine && last?.(this.#engine));
    if (!message || !this.#trials) {
      this.#say({ event: "nothing-to-try", channel: channel.name }, `${channel.name}: no message to try: write one under "tests:", or a file in fixtures/`);
      return;
    }
    const { parts } = this.#trials;
    const result = await trial(channel, message.raw, parts);
    const steps = stepsOf(channel, result, await traceOf(channel, message.raw, result, parts));
    const before = this.#runs.get(channel.name);
    this.#runs.set(channel.name, steps);
    if (json) terminal.out(JSON.stringify({ event: "tried", channel: channel.name, message: message.name, steps }));
    else if (isFirst) terminal.out(`${channel.name}: ${printable(message.name)}: ${endsOf(steps)}`);
    else terminal.out([`${channel.name}: ${printable(message.name)}`, ...showSteps(steps, terminal, before).map((line) => `  ${line}`)].join("\n"));
  }

  #reloaded(report: ReloadReport, ms: number): void {
    this.#said = "";
    const parts = (["changed", "added", "removed"] as const).flatMap((what) => (report[what].length > 0 ? [`${what} ${report[what].join(", ")}`] : []));
    this.#say({ event: "reloaded", ms: Math.round(ms), ...report }, `reloaded in ${Math.round(ms)} ms: ${parts.join("; ") || "no channel changed"}`);
    if (report.restart.length > 0 && !this.#options.json) this.#options.terminal.out(`at the next start: ${report.restart.join(", ")} of sluice.yaml`);
  }

  #warn(warnings: readonly Diagnostic[], sources: ReadonlyMap<string, string>): void {
    if (warnings.length > 0) this.#diagnose(warnings, sources);
  }

  async #fault(error: unknown): Promise<void> {
    if (error instanceof ProjectError) return this.#diagnose(error.diagnostics, error.sources);
    const code = error instanceof EngineError ? error.code : undefined;
    this.#sayOnce({ event: "not-reloaded", code, ...(error instanceof EngineError ? error.safe : {}) }, await describe(error));
  }

  #diagnose(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): void {
    const { terminal, folder } = this.#options;
    const text = formatDiagnostics(diagnostics, sources, { colour: terminal.tty && !terminal.env["NO_COLOR"], under: folder });
    this.#sayOnce({ event: "mistakes", diagnostics }, text);
  }

  /** An editor saves often: the same report twice tells nothing. */
  #sayOnce(event: object, text: string): void {
    if (this.#said === text) return;
    this.#said = text;
    this.#say(event, text);
  }

  #say(event: object, text: string): void {
    const { terminal, json } = this.#options;
    terminal.out(json ? JSON.stringify(event) : text);
  }
}

/** How the message ends at each destination. */
function endsOf(steps: readonly Step[]): string {
  const ends = steps.filter(({ step }) => step === "sent");
  if (ends.length === 0) return steps.map(({ result, code }) => [result, code].filter(Boolean).join(" ")).join(", ");
  return ends.map(({ destination, result, code }) => [destination, result, code].filter(Boolean).join(" ")).join(", ");
}
