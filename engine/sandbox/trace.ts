import type { CodeSpec } from "../config/project.ts";
import type { Range } from "../sdk/index.ts";
import { placeIn } from "./places.ts";
import type { ChannelProgram, RunInput, RunOutput, StepResult, TracedStep } from "./sandbox.ts";

/** What a traced run of a program is loaded as. */
export function tracedName(name: string): string {
  return `${name}#trace`;
}

/**
 * The same program with a destination that does nothing at its end: what comes to it is the value after the channel's own steps. So a run
 * without a trace pays nothing, and a traced one runs the very code.
 */
export function tracedProgram(program: ChannelProgram): ChannelProgram {
  return { ...program, name: tracedName(program.name ?? program.channel), destinations: [...program.destinations, { name: "" }] };
}

/** The output of a traced program as that of the program itself, with the value after each step. */
export function withTrace(program: ChannelProgram, output: RunOutput, { text }: RunInput): RunOutput {
  const results = output.results.slice(0, -1);
  const own = output.results.at(-1);
  if (!own) return output;
  const input: StepResult = { kind: "output", format: program.format, text };
  const steps = stepsOf(program, input, own);
  const trace = own.kind !== "output" ? steps : [...steps, ...program.destinations.flatMap((destination, i) => {
    const result = results[i];
    return result ? stepsOf(destination, own, result, destination.name) : [];
  })];
  return { ...output, results, trace };
}

type Owner = Pick<ChannelProgram, "filter" | "filterAt" | "transform">;

/** A filter that let the message pass gives on what it got; whatever ended the message did so in one of the two. */
function stepsOf(owner: Owner, input: StepResult, result: StepResult, destination?: string): TracedStep[] {
  const { filter, transform } = owner;
  const of = destination === undefined ? {} : { destination };
  const filterAt = owner.filterAt ?? (filter?.kind === "code" ? placeIn(filter.code, 1, 1) : undefined);
  const filterStep = (end: StepResult): TracedStep => ({ ...of, step: "filter", ...(filterAt ? { at: filterAt } : {}), result: end });
  const transformStep = (end: StepResult): TracedStep => ({ ...of, step: "transform", ...(transform ? { at: placeIn(transform, 1, 1) } : {}), result: end });
  if (result.kind === "filtered" || endedInFilter(owner, result)) return [filterStep(result)];
  return [...(filter ? [filterStep(input)] : []), ...(transform || result.kind === "failed" ? [transformStep(result)] : [])];
}

function endedInFilter({ filter, transform }: Owner, result: StepResult): boolean {
  if (result.kind !== "failed" || !filter) return false;
  if (!transform) return true;
  if (filter.kind === "match") return result.at === undefined;
  return result.at !== undefined && lies(result.at, filter.code);
}

function lies(at: Range, { file, line, text }: CodeSpec): boolean {
  return at.file === file && at.line >= line && at.line < line + text.split("\n").length;
}
