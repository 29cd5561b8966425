import { setTimeout as pause } from "node:timers/promises";
import type { Example } from "../example.ts";
import { visitOf } from "./senders.ts";
import { shapeOf } from "./shape.ts";
import type { Attempt, End, Fate, System, SystemStep } from "./step.ts";

/** What became of one end of an attempt. */
export interface SeenEnd {
  readonly end: End;
  /** As the partner's simulator recorded it. */
  readonly seen: Fate | "missing";
  /** What arrived, in names alone. */
  readonly shape?: string;
  /** The engine's code for an end that is no delivery, where its record has one. */
  readonly code?: string;
  /** It is what had to become of it, and the engine's own record says the same. */
  readonly ok: boolean;
}

export interface SeenAttempt {
  readonly attempt: Attempt;
  readonly ends: readonly SeenEnd[];
  readonly said: string;
  /** The sender was answered what it had to be. */
  readonly isAnswered: boolean;
}

/** One line of the demonstration: counted at the simulators. `ok`: each end was the one it had to be, and the engine's record says so too. */
export interface SystemLine {
  readonly system: System;
  readonly delivered: number;
  readonly refused: number;
  readonly filtered: number;
  readonly dead: number;
  readonly ok: boolean;
}

export interface WalkOptions {
  /** Told of each attempt, as it has ended. */
  readonly seen?: (seen: SeenAttempt, step: SystemStep) => void;
  readonly begun?: (step: SystemStep) => void;
  /** How long an attempt may take until all has come that had to. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

const ended: ReadonlySet<string> = new Set(["delivered", "refused", "filtered", "dead", "rejected", "cancelled"]);

/** What the engine's record may call an end that the partner saw so. */
const states: Readonly<Record<Fate, readonly string[]>> = { delivered: ["delivered"], refused: ["refused"], filtered: ["filtered"], dead: ["dead", "rejected"] };

/** Walks the steps one after the other; rejects with the reason of `signal` when that aborts. */
export async function* walk(example: Example, steps: readonly SystemStep[], { seen, begun, withinMs = 60_000, signal }: WalkOptions = {}): AsyncGenerator<SystemLine> {
  for (const step of steps) {
    begun?.(step);
    const all: SeenAttempt[] = [];
    for (const attempt of step.attempts) {
      signal?.throwIfAborted();
      const one = await tried(example, attempt, withinMs);
      all.push(one);
      seen?.(one, step);
    }
    const count = (fate: Fate) => all.flatMap(({ ends }) => ends).filter((end) => end.seen === fate).length;
    yield {
      system: step.system,
      delivered: count("delivered"),
      refused: count("refused"),
      filtered: count("filtered"),
      dead: count("dead"),
      ok: all.every(({ ends, isAnswered }) => isAnswered && ends.every(({ ok }) => ok)),
    };
  }
}

async function tried(example: Example, attempt: Attempt, withinMs: number): Promise<SeenAttempt> {
  const watches = attempt.ends.map((end) => watch(example, end));
  const since = Date.now();
  const said = await attempt.send(visitOf(example)).catch((error: unknown) => `no answer: ${String(error)}`);
  const until = since + withinMs;
  const isUnderWay = (end: End) => end.lane !== undefined && !ended.has(entryOf(example, end, since)?.state ?? "");
  while ((watches.some((each) => each.isAwaited()) || attempt.ends.some(isUnderWay)) && Date.now() < until) await pause(20);
  const ends = attempt.ends.map((end, i): SeenEnd => {
    const seen = watches[i]?.seen() ?? "missing";
    const arrival = watches[i]?.arrived();
    const entry = entryOf(example, end, since);
    const code = entry?.code ?? /\b[A-Z]{3}-\d{3}\b/.exec(said)?.[0];
    const agrees = end.lane === undefined || (entry !== undefined && states[end.fate].includes(entry.state));
    return { end, seen, ok: seen === end.fate && agrees, ...(arrival && { shape: shapeOf(arrival) }), ...(code === undefined || end.fate === "delivered" ? {} : { code }) };
  });
  return { attempt, ends, said, isAnswered: attempt.answered.test(said) };
}

/** What a partner has recorded since now. That nothing arrived is all it can tell of what was refused or filtered: which of the two is the attempt's to say. */
function watch({ peers }: Example, { at, fate, is = () => true, taken }: End) {
  const before = peers.counts()[at];
  const takenBefore = taken?.(peers) ?? 0;
  const arrived = () => {
    const fresh = peers.counts()[at] - before;
    return fresh > 0 ? peers.received(at).slice(-fresh).find(is) : undefined;
  };
  const isTaken = () => taken === undefined || taken(peers) > takenBefore;
  return {
    arrived,
    isAwaited: () => fate === "delivered" && (!arrived() || !isTaken()),
    seen: (): SeenEnd["seen"] => {
      if (!arrived()) return fate === "delivered" ? "missing" : fate;
      return isTaken() ? "delivered" : "dead";
    },
  };
}

function entryOf({ engine }: Example, { lane }: End, since: number) {
  if (lane === undefined) return undefined;
  const [newest] = engine.operations.messages({ lane, limit: 1 });
  return newest?.entries.find((entry) => entry.lane === lane && entry.receivedAt >= since);
}
