import type { Partner } from "../config/project.ts";
import { standing } from "./agreements.ts";

const day = 86_400_000;

/**
 * Partners of whose agreements one had ended, and now says that it was in force on a day that has passed: somebody should look at it a second time
 * (phi.md 1.13). Judged by what the registry said before it was changed.
 */
export function backDated(before: ReadonlyMap<string, Partner>, after: ReadonlyMap<string, Partner>, now: number): readonly string[] {
  return [...after.values()].filter((partner) => {
    const old = before.get(partner.name)?.agreements ?? [];
    return partner.agreements.some((agreement) => {
      const same = old.filter(({ basis }) => basis === agreement.basis);
      const hasEnded = same.some((each) => ["expired", "terminated"].includes(standing(each, now)));
      const stood = same.some((each) => standing(each, now - day) === "in-force");
      return hasEnded && !stood && standing(agreement, now) === "in-force" && standing(agreement, now - day) === "in-force";
    });
  }).map(({ name }) => name);
}
