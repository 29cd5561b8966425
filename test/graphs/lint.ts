import { configRules, lintProject, memoryFiles, type Project, readProject } from "../../engine/config/index.ts";
import { proofRules } from "../../engine/phi/index.ts";
import type { Diagnostic } from "../../engine/sdk/index.ts";
import { catalogue } from "../golden/catalogue.ts";
import { filesOf } from "./files.ts";
import type { Plan } from "./plan.ts";

export const now = Date.parse("2026-11-22T12:00:00Z");
const context = { connectors: catalogue, now, secretExists: () => true };

/** Errors of the proof over values. */
export function errorsOf(project: Project): readonly Diagnostic[] {
  return lintProject(project, proofRules, context).filter(({ level }) => level === "error");
}

/** Errors of everything over files, as `sluice lint` finds them. */
export function errorsInFiles(plan: Plan): { readonly errors: readonly Diagnostic[]; readonly project: Project } {
  const files = Object.fromEntries(Object.entries(filesOf(plan)).map(([name, text]) => [`/graph/${name}`, text]));
  const read = readProject("/graph", { connectors: catalogue, files: memoryFiles(files) });
  if (!read.project) throw new Error("the files make no project");
  const found = [...read.diagnostics, ...lintProject(read.project, [...configRules, ...proofRules], context)];
  return { errors: found.filter(({ level }) => level === "error"), project: read.project };
}
