import { answerOf } from "./answer.ts";
import { beginMessage } from "./clock.ts";
import { lockdown } from "./lockdown.ts";
import { type Message, pipeline, type Result, type Settled } from "./pipeline.ts";
import { type Program, readProgram } from "./program.ts";
import { keepOpen, sealed } from "./seal.ts";

/** The one message being processed, and nothing of any other. */
interface Job {
  readonly work: Generator<Promise<unknown>, Result, Settled>;
  readonly input: string;
  /** The promise waited for; each has its own place, so that a late one cannot answer for another. */
  wait: { settled: Settled };
}

const held = keepOpen<{ program?: Program; job?: Job | undefined }>({});

/** Closes the realm, then compiles the channel's code in it. */
export function load(json: string): void {
  lockdown(sealed);
  held.program = readProgram(json);
}

/** Processes one message. Gives the answer, or nothing when code waits: then `resume` once the microtasks have run. */
export function run(head: string, receivedAt: number, text: string): string | undefined {
  if (!held.program) throw new Error("not loaded");
  const [id = "", number = "", matched, state, previous] = head.split("\t");
  beginMessage(id, receivedAt);
  const work = pipeline(held.program, { id, number: Number(number) || 1, receivedAt, text, ...(matched !== undefined && { case: caseOf(matched, state, previous) }) });
  held.job = { work, input: text, wait: { settled: undefined } };
  return advance(held.job);
}

function caseOf(matched: string, state = "", previous = ""): NonNullable<Message["case"]> {
  return Object.freeze({ matched: matched === "matched", ...(state !== "" && { state }), ...(previous !== "" && { previous }) });
}

export function resume(): string | undefined {
  return held.job && advance(held.job);
}

function advance(job: Job): string | undefined {
  const next = job.work.next(job.wait.settled);
  if (next.done) {
    held.job = undefined;
    return answerOf(next.value, job.input);
  }
  const wait: Job["wait"] = { settled: undefined };
  job.wait = wait;
  try {
    then.call(
      next.value,
      (value: unknown) => {
        wait.settled = { value };
      },
      (error: unknown) => {
        wait.settled = { error };
      },
    );
  } catch (error) {
    wait.settled = { error };
  }
  return undefined;
}

const { then } = Promise.prototype;
