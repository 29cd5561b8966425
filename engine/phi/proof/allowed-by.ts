import type { Basis } from "../../config/project.ts";
import type { Verdict } from "../boundary.ts";

/** Why something may go, or what the flow rule would refuse: code and rule. */
export interface AllowedBy {
  readonly agreement?: string;
  /** All of them, where data of several owners rests on several. */
  readonly agreements?: readonly string[];
  readonly basis?: Basis;
  readonly denied?: string;
}

export function allowedBy(verdict: Verdict): AllowedBy {
  if ("refusal" in verdict) return { denied: `${verdict.refusal.code} ${verdict.refusal.rule}` };
  const { agreement, agreements, basis } = verdict.permit;
  return { ...(agreement !== undefined && { agreement }), ...(agreements && { agreements }), ...(basis !== undefined && { basis }) };
}
