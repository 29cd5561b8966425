import { expect } from "vitest";
import type { EngineOptions } from "../../engine/cli/compose.ts";
import { main } from "../../engine/cli/main.ts";
import { sampleTerminal } from "../../engine/cli/sample-terminal.ts";
import { type Example, startExample } from "../simulators/example.ts";

/** The example project of `channels/`, running on free ports with its partners simulated. */
export interface ExampleProject extends Example {
  /** `sluice send FILE`; waits until no lane has anything to do. */
  send(file: string): Promise<void>;
  cli(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** Waits until every message has its end, or is held for somebody. */
  settled(): Promise<void>;
}

/** @param change what a test wants otherwise in a file of the project, given its text and name */
export async function exampleProject(change: (text: string, file: string) => string = (text) => text, options: Partial<EngineOptions> = {}): Promise<ExampleProject> {
  const example = await startExample("channels", { ...options, change });
  const settled = async () => void expect(await example.idle(40_000)).toBe(true);
  const cli = async (...argv: string[]) => {
    const terminal = sampleTerminal({ cwd: example.root });
    const code = await main(argv, terminal);
    return { code, out: terminal.outs.join("\n"), err: terminal.errs.join("\n") };
  };
  return {
    ...example,
    get engine() {
      return example.engine;
    },
    cli,
    settled,
    send: async (file) => {
      const { code, err } = await cli("send", file);
      expect([code, err]).toEqual([0, ""]);
      await settled();
    },
  };
}
