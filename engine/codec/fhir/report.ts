import type { Code } from "../../sdk/error.ts";
import { placeAt } from "../place.ts";
import type { Problem } from "../problem.ts";
import type { ElementPath } from "./element-path.ts";

/** OperationOutcome.issue.code, as far as a validator gives it. */
export type Issue = "structure" | "required" | "value" | "invariant" | "code-invalid" | "extension" | "not-found" | "business-rule" | "invalid" | "not-supported";

/** Most findings of one text: who has that many is not helped by more. */
const most = 1000;

/** What is found in one text. Nothing is told twice. */
export class Report {
  readonly #text: string;
  readonly #found = new Map<string, Problem & { readonly at: number }>();
  #hasErrors = false;
  #line: { readonly at: number; readonly line: number } = { at: 0, line: 1 };

  constructor(text: string) {
    this.#text = text;
  }

  /** Something wrong at an offset of the text. `rule`: the name of the invariant or profile, never content. */
  error(code: Code, issue: Issue, path: ElementPath | string, at: number, rule?: string): void {
    this.#add({ code, path, at, severity: "error", standard: issue, ...(rule !== undefined && { rule }) });
  }

  note(code: Code, issue: Issue, path: ElementPath | string, at: number, rule?: string): void {
    this.#add({ code, path, at, standard: issue, ...(rule !== undefined && { rule }) });
  }

  /** In the order of the text. */
  problems(): readonly Problem[] {
    return [...this.#found.values()].sort((a, b) => a.at - b.at).map(({ at, ...problem }) => ({ ...problem, line: this.#lineAt(at) }));
  }

  #add({ path: place, ...problem }: Omit<Problem, "line" | "path"> & { readonly path: ElementPath | string; readonly at: number }): void {
    if (this.#found.size >= most && (problem.severity === undefined || this.#hasErrors)) return;
    if (problem.severity === "error") this.#hasErrors = true;
    const path = String(place);
    const key = `${problem.code} ${path} ${problem.rule ?? ""}`;
    if (!this.#found.has(key)) this.#found.set(key, { ...problem, path, line: 0 });
  }

  /** Counts on from the last place asked for: places come in order. */
  #lineAt(at: number): number {
    const from = at >= this.#line.at ? this.#line : { at: 0, line: 1 };
    const line = from.line + placeAt(this.#text.slice(from.at, at), at - from.at).line - 1;
    this.#line = { at, line };
    return line;
  }
}
