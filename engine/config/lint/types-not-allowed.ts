import { wholePartners } from "../read/soundness.ts";
import { error, type Rule } from "./rule.ts";

/** A channel takes at most what its link allows. */
export const typesNotAllowed: Rule = {
  code: "CFG-157",
  check(project) {
    return project.channels.flatMap(({ place, source }) => {
      const allow = wholePartners(project).get(source.partner)?.links.inbound?.allow;
      if (!allow || allow.length === 0) return [];
      return source.types.flatMap((type, i) => {
        if (allow.some((pattern) => covers(pattern, type))) return [];
        const message = `the inbound link of "${source.partner}" does not allow ${type}`;
        return [error("CFG-157", place.at("source", "types", i), message, `it allows ${allow.join(", ")}`)];
      });
    });
  },
};

/** `*` covers all, `ADT^*` every event, `ORU^R01` also its structure `ORU^R01^ORU_R01`, `837` each of its conventions. */
function covers(pattern: string, type: string): boolean {
  if (pattern === "*") return true;
  const wanted = pattern.split(/[\^ ]/);
  const given = type.split(/[\^ ]/);
  return wanted.every((part, i) => part === "*" || part === given[i]);
}
