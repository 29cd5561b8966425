import { readWith } from "../../codec/read.ts";
import type { Tree } from "../../codec/tree.ts";
import { Failure } from "./guest-code.ts";
import { scopeFor, type Meta } from "./message-scope.ts";
import { Journal } from "./journal.ts";
import { matches } from "./match.ts";
import { openMessage, placeOf, type Written, writeResult } from "./message.ts";
import type { Filter, Program, Step } from "./program.ts";

/** What one step came to. */
export type Outcome =
  | { readonly kind: "written"; readonly written: Written }
  | { readonly kind: "filtered"; readonly by: "channel" | "destination" }
  | { readonly kind: "failed"; readonly number: number; readonly index: number; readonly line: number; readonly column: number };

export interface Message {
  readonly id: string;
  readonly number: number;
  readonly receivedAt: number;
  readonly text: string;
  /** How its case stands, in a channel that keeps one. */
  readonly case?: Meta["case"];
}

/** How a promise ended; `undefined` when nothing is left that could settle it. */
export type Settled = { readonly value: unknown } | { readonly error: unknown } | undefined;

export interface Result {
  readonly outcomes: readonly Outcome[];
  readonly journal: Journal;
}

/**
 * One message through the channel's filter and transform, then through those of each destination on a copy of its own.
 * Yields whenever guest code returned a promise, and is resumed with how that ended.
 */
export function* pipeline(program: Program, message: Message): Generator<Promise<unknown>, Result, Settled> {
  const journal = new Journal();
  const input: Written = { format: program.format, text: message.text };
  const first = yield* step(program, program.first, input, message, journal);
  const outcomes: Outcome[] = [];
  for (const destination of program.destinations) {
    outcomes.push(first.kind === "written" ? yield* step(program, destination, first.written, message, journal) : first);
  }
  return { outcomes, journal };
}

function* step(
  program: Program,
  { name, format, filter, transform }: Step,
  input: Written,
  message: Message,
  journal: Journal,
): Generator<Promise<unknown>, Outcome, Settled> {
  const meta: Meta = Object.freeze({ id: message.id, number: message.number, channel: program.channel, destination: name, receivedAt: message.receivedAt, ...(message.case && { case: message.case }) });
  const call = (run: (values: readonly unknown[]) => unknown, msg: unknown) => run(scopeFor(msg, meta, program, journal));
  let index = filter?.code?.index ?? -1;
  try {
    if (filter && !(yield* passes(program, filter, input, call))) return { kind: "filtered", by: name === undefined ? "channel" : "destination" };
    if (!transform) return { kind: "written", written: input };
    index = transform.index;
    const msg = openMessage(input.format, input.text, program.csv, program.x12);
    const written = writeResult(yield* settle(call(transform.call, msg)), msg, input.format, format);
    if (written.text.length > program.outputChars) throw new Failure(206);
    return { kind: "written", written };
  } catch (error) {
    return failed(error, index, journal);
  }
}

type Call = (run: (values: readonly unknown[]) => unknown, msg: unknown) => unknown;

function* passes(program: Program, filter: Filter, input: Written, call: Call): Generator<Promise<unknown>, boolean, Settled> {
  if (filter.match) return matches(treeOf(input, program), filter.match);
  if (!filter.code) return true;
  return Boolean(yield* settle(call(filter.code.call, openMessage(input.format, input.text, program.csv, program.x12))));
}

function treeOf({ format, text }: Written, { csv, x12 }: Program): Tree {
  try {
    return readWith(format, text, { ...(csv && { csv }), ...(x12 && { x12 }) });
  } catch {
    throw new Failure(209);
  }
}

function* settle(value: unknown): Generator<Promise<unknown>, unknown, Settled> {
  if (!(value instanceof Promise)) return value;
  const settled = yield value;
  if (settled === undefined) throw new Failure(204);
  if ("error" in settled) throw settled.error;
  return settled.value;
}

/** The text of an error is content: it goes to the message's own log, and only number and place go out. */
function failed(error: unknown, index: number, journal: Journal): Outcome {
  const place = placeOf(error);
  const number = error instanceof Failure ? error.number : 201;
  if (number === 201) journal.add([error]);
  return { kind: "failed", number, index: place?.index ?? index, line: place?.line ?? 0, column: place?.column ?? 0 };
}
