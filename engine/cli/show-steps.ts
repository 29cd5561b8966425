import { type Difference, differences } from "../codec/difference.ts";
import { type Leaf, readTree } from "../codec/index.ts";
import type { Format } from "../sdk/index.ts";
import type { Terminal } from "./command.ts";
import { printable } from "./printable.ts";
import type { Step } from "./steps.ts";
import { paint } from "./terminal.ts";

/** More of one value is not read on a terminal anyway; `--json` has all of it. */
const mostLines = 200;

/**
 * Every step with its value: the message as it was received, then what each step made of it, value by value. With the steps of an earlier run, by
 * what has become different since.
 */
export function showSteps(steps: readonly Step[], terminal: Terminal, earlier?: readonly Step[]): string[] {
  const before = new Map(earlier?.map((step) => [nameOf(step), step]));
  const width = Math.max(...steps.map((step) => nameOf(step).length));
  let same = 0;
  const lines = steps.flatMap((step, i) => {
    const old = before.get(nameOf(step));
    if (old && JSON.stringify(old) === JSON.stringify(step)) {
      same++;
      return [`${head(step, width, terminal)}  ${paint(terminal, "dim", "as before")}`];
    }
    const given = old?.text === undefined ? valueBefore(steps, i) : old;
    return [head(step, width, terminal), ...value(step, given, terminal).map((line) => `    ${line}`)];
  });
  return earlier && same === steps.length ? ["as before: no step has another value"] : lines;
}

const nameOf = ({ destination, step }: Step) => (destination === undefined ? step : `${destination} ${step}`);

function head(step: Step, width: number, terminal: Terminal): string {
  const colour = step.result === "failed" || step.result === "refused" || step.result === "dead" ? "red" : step.result === "filtered" ? "yellow" : "green";
  const parts = [paint(terminal, colour, step.result === "value" ? (step.format ?? "") : step.result), step.code, step.reason && printable(step.reason), addressOf(step), step.at];
  return `${nameOf(step).padEnd(width)}  ${parts.filter(Boolean).join("  ")}`;
}

function addressOf({ envelope }: Step): string | undefined {
  if (!envelope) return undefined;
  const { endpoint, method, path, query, headers, names } = envelope;
  const more = Object.entries({ ...headers, ...names, ...query }).map(([key, value]) => `${key}=${value}`);
  return printable([`to ${endpoint}`, method, path, ...more].filter(Boolean).join(" "));
}

/** What the step was given: the value of the one before it on the same way, else of the channel's own last step. */
function valueBefore(steps: readonly Step[], at: number): Step | undefined {
  const { destination } = steps[at] ?? {};
  return steps.slice(0, at).findLast((step) => step.text !== undefined && (step.destination === undefined || step.destination === destination));
}

function value(step: Step, before: Step | undefined, terminal: Terminal): string[] {
  if (step.text === undefined || step.format === undefined || step.result === "passes") return [];
  if (before?.text === step.text && before.format === step.format) return step.step.startsWith("transform") ? ["unchanged"] : [];
  const found = before?.text === undefined || before.format !== step.format ? undefined : differencesOf(step.format, before.text, step.text);
  return cut(found ? found.map((each) => shown(each, terminal)) : whole(step.format, step.text));
}

function differencesOf(format: Format, before: string, after: string): Difference[] | undefined {
  const leaves = (text: string): Iterable<Leaf> => readTree(format, text).leaves();
  try {
    return differences(leaves(before), leaves(after));
  } catch {
    return undefined;
  }
}

function shown({ path, before, after }: Difference, terminal: Terminal): string {
  if (before === undefined) return paint(terminal, "green", `+ ${path}: ${printable(after ?? "")}`);
  if (after === undefined) return paint(terminal, "red", `- ${path}: ${printable(before)}`);
  return paint(terminal, "yellow", `~ ${path}: ${printable(before)} → ${printable(after)}`);
}

function whole(format: Format, text: string): string[] {
  if (format === "json" || format === "fhir") return indented(text).split("\n").map(printable);
  return text.replace(/[\r\n]+$/, "").split(/\r\n|\r|\n/).map(printable);
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function cut(lines: readonly string[]): string[] {
  return lines.length <= mostLines ? [...lines] : [...lines.slice(0, mostLines), `… ${lines.length - mostLines} lines more; --json has all`];
}
