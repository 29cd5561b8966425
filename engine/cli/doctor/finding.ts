import type { Project } from "../../config/project.ts";
import { type Code, codeOf, EngineError } from "../../sdk/index.ts";

/** `blocked`: the engine cannot run here at all. */
export type Verdict = "ok" | "warning" | "error" | "blocked";

/** What one look found: names from configuration and numbers, never content or a secret. */
export interface Finding {
  /** What was looked at: `node`, `sandbox`, `store`, … */
  readonly check: string;
  readonly verdict: Verdict;
  readonly what: string;
  readonly code?: Code;
  readonly help?: string;
}

/** What the looks are given. */
export interface Patient {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the store's folder. */
  readonly data: string;
  /** Absent when the files are too broken to read a project from. */
  readonly project?: Project;
  readonly now: number;
  /** An engine runs on this project, so its ports and its store are in use. */
  readonly running: boolean;
}

/** Days before something ends that are worth a word. */
export const soonMs = 30 * 86_400_000;

/** What a room refuses, as a finding. */
export function refused(check: string, verdict: Verdict, what: string, error: unknown, otherwise: Code, help: string): Finding {
  const detail = error instanceof EngineError ? Object.entries(error.safe).filter(([, value]) => value !== undefined && value !== "").map(([key, value]) => `${key} ${value}`) : [];
  return { check, verdict, what: [what, ...detail].join(", "), code: codeOf(error, otherwise), help };
}

export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
