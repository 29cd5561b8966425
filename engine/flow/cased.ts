import { clinicalResults } from "../codec/clinical/index.ts";
import { caseFacts, type Cases, type CaseVerdict } from "../cases/index.ts";
import type { CaseSpec } from "../config/case-spec.ts";
import type { Channel } from "../config/project.ts";
import type { Prepared } from "../queue/lane.ts";
import { codeOf } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import type { Work } from "./work.ts";

/** What code is told of the case of its message: closed words of the configuration, as `meta.case`. */
export interface CaseTold {
  readonly state?: string;
  /** Its state before this message; absent: it was not known. */
  readonly previous?: string;
  /** Its case, and every other that it must belong to, was known or is now. */
  readonly isMatched: boolean;
}

/** `undefined`: the message goes on, and `work.case` says how its case stands. The verdict is on disk before anything is filled. */
export async function cased(entry: Claimed, work: Work, spec: CaseSpec, { name }: Channel, cases: Pick<Cases, "ask"> | undefined, at: number): Promise<Prepared | undefined> {
  let verdict: CaseVerdict;
  try {
    if (!cases) return { kind: "retry", code: "CAS-201" };
    const facts = caseFacts(work.tree(), spec, () => clinicalResults(work.tree(), work.raw.format));
    verdict = await cases.ask({ message: entry.id, channel: name, spec, facts: { ...facts, ...(work.flaw && { problem: work.flaw }) }, isPutBack: entry.requeuedAt !== undefined, at });
  } catch (error) {
    const code = codeOf(error, "FLW-202");
    // What cannot be decided now is decided later; what cannot be read never is.
    return code === "CAS-201" ? { kind: "retry", code } : { kind: "held", code };
  }
  if (verdict.kind === "held") return { kind: "held", code: verdict.code, reason: `${verdict.list}, ${verdict.owner}` };
  if (verdict.kind !== "passes") return { kind: "end", end: verdict.kind, code: verdict.code };
  const { kind: _, ...told } = verdict;
  work.case = told;
  return undefined;
}
