import type { CaseQuestion, Cases, CaseVerdict } from "./cases.ts";

/**
 * Cases of a trial: each message is the first of its case, and every other case that it must belong to is known. A trial shows what becomes of one message;
 * what came before it is no part of it.
 */
export const trialCases: Pick<Cases, "ask" | "decided"> = {
  ask: async ({ spec: { list, owner }, facts }: CaseQuestion): Promise<CaseVerdict> => {
    const code = facts.problem ?? (facts.cases.length === 0 ? "CAS-101" : undefined);
    if (code !== undefined) return { kind: "held", code, list, owner };
    return { kind: "passes", isMatched: true, ...(facts.cases[0] && { state: facts.cases[0].state }) };
  },
  decided: () => undefined,
};
