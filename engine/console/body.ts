import type { Context } from "hono";
import { type Code, EngineError } from "../sdk/index.ts";
import type { JobKind, JobRequest } from "../runtime/operator/job.ts";
import type { Selection } from "../runtime/operator/selection.ts";
import { ends, type End, type Flight } from "../store/store.ts";

/** The body of a request as an object; CON-103 for anything else. */
export async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  return objectOf(body, "body");
}

function objectOf(value: unknown, parameter: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new EngineError("CON-103", { parameter });
  return value as Record<string, unknown>;
}

/** A text of a request; empty counts as none. */
export function textOf(value: unknown, parameter: string): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string" || value.length > 500) throw new EngineError("CON-103", { parameter });
  return value;
}

export function textsOf(value: unknown, parameter: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > 1000 || !value.every((each) => typeof each === "string")) throw new EngineError("CON-103", { parameter });
  return value;
}

export function numberOf(value: unknown, parameter: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) throw new EngineError("CON-103", { parameter });
  return value;
}

const states: readonly string[] = ["waiting", "held", ...ends];

/** What a request means by its messages and entries. */
export function selectionOf(value: unknown): Selection {
  const given = objectOf(value ?? {}, "selection");
  const text = (name: string) => textOf(given[name], name);
  const period = (name: string) => {
    if (given[name] === undefined) return undefined;
    const { from, to } = objectOf(given[name], name);
    return compact({ from: numberOf(from, name), to: numberOf(to, name) });
  };
  const chosen = textsOf(given["states"], "states");
  if (chosen?.some((state) => !states.includes(state))) throw new EngineError("CON-103", { parameter: "states" });
  const ids = given["ids"];
  if (ids !== undefined && (!Array.isArray(ids) || ids.length > 10_000 || !ids.every((id) => Number.isSafeInteger(id) && id > 0))) throw new EngineError("CON-103", { parameter: "ids" });
  return compact({
    channel: text("channel"), partner: text("partner"), lanes: textsOf(given["lanes"], "lanes"), states: chosen as readonly (End | Flight)[] | undefined,
    code: text("code") as Code | undefined, controlId: text("controlId"), type: text("type"), parent: numberOf(given["parent"], "parent"),
    received: period("received"), settled: period("settled"), ids: ids as readonly number[] | undefined,
  });
}

const kinds: readonly string[] = ["retry", "discard", "cancel", "replay"];

export function jobRequestOf(body: Record<string, unknown>): JobRequest {
  const kind = body["kind"];
  if (typeof kind !== "string" || !kinds.includes(kind)) throw new EngineError("CON-103", { parameter: "kind" });
  const perSecond = numberOf(body["perSecond"], "perSecond");
  if (perSecond === 0) throw new EngineError("CON-103", { parameter: "perSecond" });
  return compact({
    kind: kind as JobKind, selection: selectionOf(body["selection"]), to: textsOf(body["to"], "to"), reason: textOf(body["reason"], "reason"), perSecond,
  });
}

/** Without what is not given: absent is absent. */
type Given<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> } & { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };
function compact<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Given<T>;
}
