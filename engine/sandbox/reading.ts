import { readJson } from "../codec/json/index.ts";
import type { Code, Format, Range } from "../sdk/index.ts";
import { formats } from "../sdk/content.ts";
import { headLines } from "./inside/guest-code.ts";
import { liesIn, placeIn } from "./places.ts";
import type { Prepared } from "./prepare.ts";
import type { RunInput, RunOutput, StepResult } from "./sandbox.ts";
import { status } from "./worker/wire.ts";

/** Numbers that guest code may cause; any other number in an answer is a forgery and reads as "threw". */
const guestNumbers = new Set([201, 204, 205, 206, 209, 210]);

/** Reads what a worker says of one message. The worker is not trusted: whatever does not fit is a crash. */
export function readAnswer(prepared: Prepared, input: RunInput, workerStatus: number, answer: string): RunOutput {
  if (workerStatus === status.threw) return thrown(prepared, answer);
  if (workerStatus !== status.done) return failure(prepared, statusCode(workerStatus));
  try {
    return read(prepared, input, answer);
  } catch {
    return failure(prepared, "SBX-208");
  }
}

/** The same code for every destination. */
export function failure(prepared: Prepared, code: Code): RunOutput {
  return { results: prepared.program.destinations.map(() => ({ kind: "failed", code })), log: [] };
}

/** An error outside of any step, as a rejection that nobody handles is, ends the message for every destination. */
function thrown(prepared: Prepared, place: string): RunOutput {
  const [index = -1, line = 0, column = 0] = place === "" ? [] : place.split(":").map(Number);
  const result = failed(prepared, [201, index, line - headLines, column]);
  return { results: prepared.program.destinations.map(() => result), log: [] };
}

function statusCode(workerStatus: number): Code {
  if (workerStatus === status.timeout) return "SBX-202";
  if (workerStatus === status.memory) return "SBX-203";
  return workerStatus === status.unknown ? "SBX-303" : "SBX-208";
}

function read(prepared: Prepared, input: RunInput, answer: string): RunOutput {
  const { destinations, limits, lookups } = prepared.program;
  const feed = answer.indexOf("\n");
  const [head = "", logHead = "", missHead = ""] = answer.slice(0, feed).split("|");
  let at = feed + 1;
  const take = (length: number): string => {
    if (!(length >= 0) || at + length > answer.length) throw new RangeError("answer is too short");
    at += length;
    return answer.slice(at - length, at);
  };
  const texts: string[] = [];
  const outcomes = head.split(";");
  if (outcomes.length !== destinations.length) throw new RangeError("not one outcome per destination");
  const results = outcomes.map((outcome, index): StepResult => {
    const numbers = outcome.slice(1).split(",").map(Number);
    const [first = 0, second = 0] = numbers;
    switch (outcome.charAt(0)) {
      case "u":
        return { kind: "output", format: formatAt(first), text: input.text };
      case "o":
        texts.push(take(second));
        return output(formatAt(first), texts.at(-1) ?? "", limits.outputBytes);
      case "s":
        return output(formatAt(first), textAt(texts, second), limits.outputBytes);
      case "c":
        return { kind: "filtered", at: filterPlace(prepared, -1) };
      case "d":
        return { kind: "filtered", at: filterPlace(prepared, index) };
      default:
        return failed(prepared, numbers);
    }
  });
  return { results, log: logHead === "" ? [] : logHead.split(",").map((length) => take(Number(length))), ...(missHead !== "" && { missed: missedIn(missHead, Object.keys(lookups)) }) };
}

/** By table; what the worker says of a table that is not there counts for nothing. */
function missedIn(head: string, tables: readonly string[]): Readonly<Record<string, number>> {
  const counts = head.split(",").map(Number);
  return Object.fromEntries(tables.flatMap((table, i) => (Number.isSafeInteger(counts[i]) && (counts[i] ?? 0) > 0 ? [[table, counts[i] ?? 0] as const] : [])));
}

/** JSON is read by the strict reader before anyone else sees it. */
function output(format: Format, text: string, limit: number): StepResult {
  if (text.length * 3 > limit && Buffer.byteLength(text) > limit) return { kind: "failed", code: "SBX-206" };
  if (format === "json" || format === "fhir") {
    try {
      readJson(text, { numbers: "exact" });
    } catch {
      return { kind: "failed", code: "SBX-207" };
    }
  }
  return { kind: "output", format, text };
}

function failed(prepared: Prepared, [number = 0, index = -1, line = 0, column = 0]: readonly number[]): StepResult {
  const code: Code = `SBX-${guestNumbers.has(number) ? number : 201}`;
  const piece = prepared.pieces[index];
  if (!piece) return { kind: "failed", code };
  return { kind: "failed", code, at: liesIn(piece, line, column) ? placeIn(piece, line, column) : placeIn(piece, 1, 1) };
}

function filterPlace({ program }: Prepared, index: number): Range {
  const owner = index < 0 ? program : program.destinations[index];
  if (owner?.filterAt) return owner.filterAt;
  if (owner?.filter?.kind === "code") return placeIn(owner.filter.code, 1, 1);
  return { file: program.channel, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

function formatAt(number: number): Format {
  const format = formats[number];
  if (!format) throw new RangeError("no such format");
  return format;
}

function textAt(texts: readonly string[], index: number): string {
  const text = texts[index];
  if (text === undefined) throw new RangeError("no such text");
  return text;
}
