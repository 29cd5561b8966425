import type { CodeSpec, FilterSpec } from "../config/project.ts";
import type { Clock, Code, Format } from "../sdk/index.ts";
import { createSandbox, type SandboxOptions, type Watched } from "./index.ts";
import type { ChannelProgram, RunInput, Sandbox } from "./sandbox.ts";

/** Programs and messages for the tests of this room. */
export const wallClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

export const received = Date.UTC(2026, 2, 9, 14, 30);

export function adt(name = "Rivera^Jane", id = "MSG1"): string {
  return [
    `MSH|^~\\&|APP|FAC|LAB|HOSP|20260309143000||ADT^A01|${id}|P|2.5`,
    `PID|1||48213^^^HOSP^MR||${name}||19700101|F`,
    "PV1|1|I|2000^2012^01",
    "",
  ].join("\r");
}

export function body(text: string, language: CodeSpec["language"] = "js"): CodeSpec {
  return { text, language, form: "body", file: "channels/lab.yaml", line: 20, indent: 4 };
}

export function file(text: string, language: CodeSpec["language"] = "js"): CodeSpec {
  return { text, language, form: "module", file: `channels/transforms/lab.${language}`, line: 1, indent: 0 };
}

export const onlyIf = (text: string): FilterSpec => ({ kind: "code", code: body(text) });
export const match = (conditions: Extract<FilterSpec, { kind: "match" }>["conditions"]): FilterSpec => ({ kind: "match", conditions });

export function program(parts: Partial<Omit<ChannelProgram, "limits">> & { readonly limits?: Partial<ChannelProgram["limits"]> }): ChannelProgram {
  return {
    channel: "lab",
    revision: "1",
    format: "hl7v2" as Format,
    destinations: [{ name: "out" }],
    lookups: { units: { "mg/dL": "milligram per deciliter" } },
    ...parts,
    // No message of a test that ends comes near it, whatever else the machine has to do.
    limits: { timeoutMs: 10_000, memoryMb: 32, outputBytes: 1024 * 1024, ...parts.limits },
  };
}

export const message = (text = adt(), messageId = "m-1"): RunInput => ({ messageId, receivedAt: received, text });

export interface OpenedSandbox extends Sandbox, Watched {
  readonly kills: readonly Code[];
  /** Ends the worker processes from outside, as the system would when memory runs out. */
  killWorkers(): void;
}

export async function openSandbox(options: Partial<SandboxOptions> = {}): Promise<OpenedSandbox> {
  const kills: Code[] = [];
  const sandbox = await createSandbox({
    walls: "full",
    clock: wallClock,
    timeoutMs: 500,
    memoryMb: 32,
    onKill: (reason) => kills.push(reason),
    ...options,
  });
  const killWorkers = () => {
    for (const pid of sandbox.pids) process.kill(pid, "SIGKILL");
  };
  return Object.assign(sandbox, { kills, killWorkers });
}
