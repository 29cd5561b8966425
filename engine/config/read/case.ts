import type { CaseSpec } from "../case-spec.ts";
import type { LookupTable } from "./lookups.ts";
import { choice, list, map, milliseconds, optional, text, texts } from "./tolerant.ts";

/** `case:` of a channel; `undefined` where none is written. A broken one has no kind, so that nothing is concluded from it. */
export function readCase(written: unknown, isBroken: boolean, lookups: ReadonlyMap<string, LookupTable>): CaseSpec | undefined {
  if (written === undefined) return undefined;
  const value = map(written);
  const kind = isBroken ? "" : text(value.kind);
  const owner = text(value.owner);
  const { of, const: constant, absent, ...codes } = map(value.state);
  const owned = (part: Readonly<Record<string, unknown>>, suffix: string, of = kind) => ({ list: text(part.list, `${of}-${suffix}`), owner: text(part.owner, owner) });
  const unmatched = value.unmatched === undefined ? undefined : map(value.unmatched);
  const overlap = value.overlap === undefined ? undefined : map(value.overlap);
  const work = value.work === undefined ? undefined : map(value.work);
  const due = value.due === undefined ? undefined : map(value.due);
  const analytes = value.analytes === undefined ? undefined : map(value.analytes);
  return {
    kind,
    ...owned(value, "review"),
    key: texts(value.key),
    ...optional("stamp", value.stamp === undefined ? undefined : text(value.stamp)),
    ...(value.advances === true && { advances: true }),
    state: {
      ...optional("of", of === undefined ? undefined : text(of)),
      ...optional("const", constant === undefined ? undefined : text(constant)),
      ...optional("absent", absent === undefined ? undefined : text(absent)),
      codes: Object.fromEntries(Object.entries(codes).map(([code, state]) => [code, text(state)])),
    },
    ...optional("moves", byState(value.moves)),
    ...optional("behind", byState(value.behind)),
    opens: value.opens !== false,
    stale: choice(value.stale, ["hold", "filter", "refuse"], "hold"),
    ...optional("unmatched", unmatched && {
      ...owned(unmatched, "unmatched"),
      do: choice(unmatched.do, ["hold", "deliver"], "hold"),
      ...optional("forMs", unmatched.for === undefined ? undefined : milliseconds(unmatched.for)),
    }),
    same: texts(value.same),
    known: list(value.known).map(map).map((other) => ({
      kind: text(other.kind), key: texts(other.key), ...owned(other, "unmatched", text(other.kind)), do: choice(other.do, ["hold", "deliver"], "hold"),
    })),
    ...optional("analytes", analytes && {
      table: text(analytes.table), rows: lookups.get(text(analytes.table))?.rows ?? {}, ...owned(analytes, "analytes"), do: choice(analytes.do, ["hold", "deliver"], "hold"),
    }),
    ...optional("overlap", overlap && {
      what: text(overlap.what), of: texts(overlap.of), prefix: text(overlap.prefix), from: text(overlap.from), to: text(overlap.to), unless: texts(overlap.unless),
      ...owned(overlap, "conflicts", text(overlap.what)), do: choice(overlap.do, ["hold", "refuse", "deliver"], "hold"),
    }),
    ...optional("work", work && { when: texts(work.when), ...owned(work, "work") }),
    ...optional("due", due && { inMs: milliseconds(due.in), unless: texts(due.unless), ...owned(due, "overdue") }),
  };
}

function byState(written: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  return written === undefined ? undefined : Object.fromEntries(Object.entries(map(written)).map(([from, to]) => [from, texts(to)]));
}
