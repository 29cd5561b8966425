import { EngineError } from "../sdk/index.ts";
import type { Alerts } from "./alerts.ts";
import type { CaseQuestion, Cases, CaseVerdict } from "./cases.ts";

/**
 * Cases of a trial: each message is the first of its case, and every other case that it must belong to is known. A trial shows what becomes of one message;
 * what came before it is no part of it.
 */
export const trialCases: Pick<Cases, "ask" | "decided" | "raise" | "settle"> = {
  ask: async ({ spec: { list, owner, analytes }, facts }: CaseQuestion): Promise<CaseVerdict> => {
    const code = facts.problem ?? (facts.cases.length === 0 ? "CAS-101" : facts.analytes?.find((each) => each === "CAS-115" || (each === "CAS-114" && analytes?.do === "hold")));
    if (code !== undefined) return { kind: "held", code, list, owner };
    return { kind: "passes", isMatched: true, ...(facts.cases[0] && { state: facts.cases[0].state }) };
  },
  decided: () => undefined,
  raise: async () => {},
  settle: () => {},
};

/** Alerts of a trial: whatever is critical is told of once, and whatever alert a message acknowledges is known. Nothing is kept. */
export const trialAlerts: Alerts = {
  ask: ({ results }) => ({ kind: results.some(({ isCritical }) => isCritical) ? "alert" : "quiet" }),
  state: (lane, message) => ({ lane, message, told: 0, acknowledged: false }),
  told: () => undefined,
  acknowledge: (item) => {
    throw new EngineError("CAS-203", { item: `w${item}` });
  },
  acknowledgeNamed: () => true,
  due: () => [],
  acknowledged: () => [],
  settled: () => undefined,
};
