import type { CodeSpec, CsvSpec, FilterSpec } from "../config/project.ts";
import type { Code, Diagnostic, Format, Range } from "../sdk/index.ts";

/** All guest code of one channel: loaded once, run for each message in a realm where nothing survives. */
export interface ChannelProgram {
  /** What it is run under; default: the channel. Two revisions of a channel may be loaded beside each other. */
  readonly name?: string;
  readonly channel: string;
  readonly revision: string;
  readonly format: Format;
  /** How the delimited text of a `csv` source is written. */
  readonly csv?: CsvSpec;
  readonly filter?: FilterSpec;
  /** Where the filter stands, for a `filtered` result; without it a declarative filter has no place to point to. */
  readonly filterAt?: Range;
  readonly transform?: CodeSpec;
  readonly destinations: readonly {
    readonly name: string;
    /** What a text that its transform returns is; default: the format of the message at hand. */
    readonly format?: Format;
    readonly filter?: FilterSpec;
    readonly filterAt?: Range;
    readonly transform?: CodeSpec;
    /** Reads the partner's answer and gives what is kept of it and given to the source. */
    readonly response?: { readonly format: Format; readonly transform: CodeSpec };
    /** Sees what the engine has de-identified, and nothing else. */
    readonly deidentified?: { readonly transform: CodeSpec };
  }[];
  readonly lookups: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly limits: { readonly timeoutMs: number; readonly memoryMb: number; readonly outputBytes: number };
}

export interface RunInput {
  /** Seeds clock and randomness inside, so that a replay gives the same bytes. */
  readonly messageId: string;
  readonly receivedAt: number;
  /** The engine's number of the message, as `meta.number`; absent: code is told 1. */
  readonly number?: number;
  /** How the case of the message stands, as `meta.case`: words of the configuration. */
  readonly case?: { readonly state?: string; readonly previous?: string; readonly isMatched: boolean };
  /** The raw message, decoded to text by the trusted codec. */
  readonly text: string;
  /** Runs the response transform of this destination alone, over `text` as the partner's answer; one result comes back. */
  readonly responseOf?: string;
  /** Runs the transform of this destination that stands after de-identification, over `text` as the de-identified message; one result comes back. */
  readonly deidentifiedOf?: { readonly destination: string; readonly format: Format };
  /** Asks for the value after each step beside the results (`RunOutput.trace`). */
  readonly trace?: boolean;
}

/** One step of a traced run: content, for the author's eyes alone. `destination` is absent for the channel's own steps. */
export interface TracedStep {
  readonly destination?: string;
  readonly step: "filter" | "transform" | "deidentify" | "transform-after";
  readonly at?: Range;
  readonly result: StepResult;
}

/** What became of a message at one destination. `output` is text: the message as edited, or JSON of a returned object. */
export type StepResult =
  | { readonly kind: "output"; readonly format: Format; readonly text: string }
  | { readonly kind: "filtered"; readonly at: Range }
  | { readonly kind: "failed"; readonly code: Code; readonly at?: Range };

export interface RunOutput {
  /** In the order of the program's destinations. */
  readonly results: readonly StepResult[];
  /** What the code logged: content, to be sealed with the message, never written to the engine's log. */
  readonly log: readonly string[];
  /** How often a lookup table had no row for a key, by table; absent: never. */
  readonly missed?: Readonly<Record<string, number>>;
  readonly trace?: readonly TracedStep[];
}

/** Which walls stand (DESIGN 8), as found by trying at start. */
export interface Walls {
  readonly isolate: boolean;
  readonly process: boolean;
  readonly permission: boolean;
  readonly network: boolean;
}

export interface Sandbox {
  readonly walls: Walls;
  /** Compiles; mistakes of syntax come as diagnostics that point into the YAML or the code file. */
  load(program: ChannelProgram): Promise<readonly Diagnostic[]>;
  unload(name: string): Promise<void>;
  /**
   * Runs filter and transforms of one message for all destinations. What waits is sent in batches. Never rejects for what guest code
   * does: a loop, an allocation, a crash of the worker come as `failed` with a code; a killed worker is replaced.
   */
  run(name: string, input: RunInput): Promise<RunOutput>;
  close(): Promise<void>;
}
