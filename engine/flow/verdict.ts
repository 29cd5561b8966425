import type { Code, Content } from "../sdk/index.ts";
import { isEnd, type Standing } from "./standing.ts";
import type { Reach, Wait } from "./wait.ts";

/** What the source is told of a message that is in the record. */
export type Verdict =
  | { readonly kind: "positive"; readonly response?: Content }
  /** `again`: nothing of it has left and the same message may come again. */
  | { readonly kind: "negative"; readonly code: "AE" | "AR"; readonly error: Code; readonly again: boolean; readonly response?: Content }
  /** It may have arrived, or may yet: no answer, and a resend joins it. */
  | { readonly kind: "unanswered"; readonly error: Code };

/** Cancelled by the flow itself at the deadline of the answer. */
export const lateCode: Code = "FLW-303";

/**
 * What the standings come to, or `undefined` while there is more to wait for. It follows from states that are in the record, so the same
 * question gets the same answer after a restart:
 *
 * | state in the lane | answer |
 * |---|---|
 * | delivered, filtered | AA |
 * | rejected (the partner's no), dead (transform failed, attempts used up) | AE: the sender should look at the message |
 * | refused (the boundary's no) | AR: not for this partner, whatever the sender changes |
 * | cancelled at the deadline | AR with condition 207: not now, the same message may come again |
 * | cancelled by a person | AE |
 * | dead or rejected, and gone on to a fallback | as the fallback's |
 * | in flight, and as far as the answer waits for | AA |
 *
 * Of several destinations AE goes before AR before AA. What happens after the point that the answer waits for changes it no more.
 */
export function verdictOf(wait: Wait, standings: ReadonlyMap<string, Standing>): Verdict | undefined {
  const verdicts: Verdict[] = [];
  for (const [lane, reach] of wait.reach) {
    const standing = followed(lane, wait, standings);
    if (!standing) continue;
    const verdict = judged(standing, reach, wait.fallback.has(lane));
    if (!verdict) return undefined;
    verdicts.push(lane === wait.from && standing.response ? ({ ...verdict, response: standing.response } as Verdict) : verdict);
  }
  const negative = verdicts.filter((verdict) => verdict.kind === "negative");
  return negative.find(({ code }) => code === "AE") ?? negative[0] ?? verdicts.find((verdict) => "response" in verdict) ?? { kind: "positive" };
}

/**
 * One answer for several messages that came as one body: no, as soon as one of them is not taken; "not now" where that is all that is wrong, since
 * those that were taken are recognised when the body comes again.
 */
export function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  const [first = positive] = verdicts;
  if (verdicts.length === 1) return first;
  const negative = verdicts.filter((verdict) => verdict.kind === "negative");
  const worst = negative.find(({ code, again }) => code === "AE" && !again) ?? negative.find(({ again }) => !again) ?? negative[0];
  if (worst) return { kind: "negative", code: worst.code, error: worst.error, again: worst.again };
  return verdicts.find(({ kind }) => kind === "unanswered") ?? positive;
}

/** The lane where the message stands now that began in this one: what is dead or rejected may have gone on to a fallback. */
export function nowIn(lane: string, { fallback }: Wait, standings: ReadonlyMap<string, Standing>): string {
  const seen = new Set([lane]);
  for (let at = lane; ; ) {
    const state = standings.get(at)?.state;
    const next = fallback.get(at);
    if ((state !== "dead" && state !== "rejected") || next === undefined || !standings.has(next) || seen.has(next)) return at;
    seen.add(next);
    at = next;
  }
}

function followed(lane: string, wait: Wait, standings: ReadonlyMap<string, Standing>): Standing | undefined {
  return standings.get(nowIn(lane, wait, standings));
}

function judged(standing: Standing, reach: Reach, hasFallback: boolean): Verdict | undefined {
  const { state, prepared } = standing;
  if (isEnd(state)) return isLaterThan(standing, reach) ? positive : ended(state, standing.code);
  if (reach.ended) return undefined;
  // Its lane is yet to settle it, behind others; the end is certain, but where a fallback takes it over the end is the fallback's.
  if (typeof prepared === "object") return hasFallback && prepared.end === "dead" ? undefined : ended(prepared.end, prepared.code);
  if (reach.processed && prepared === undefined) return undefined;
  return reach.tried && !standing.tried ? undefined : positive;
}

/** The answer was due before this end came. */
function isLaterThan({ attempts, prepared }: Standing, reach: Reach): boolean {
  if (reach.ended) return false;
  return reach.tried ? attempts > 1 : prepared === "ready";
}

const positive: Verdict = { kind: "positive" };

function ended(state: string, code: Code | undefined): Verdict {
  if (state === "delivered" || state === "filtered") return positive;
  if (state === "refused") return { kind: "negative", code: "AR", error: code ?? "FLW-304", again: false };
  if (state === "cancelled" && code === lateCode) return { kind: "negative", code: "AR", error: lateCode, again: true };
  return { kind: "negative", code: "AE", error: code ?? "FLW-304", again: false };
}
