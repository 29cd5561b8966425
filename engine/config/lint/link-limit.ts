import { wholePartners } from "../read/soundness.ts";
import { error, type Rule } from "./rule.ts";

/** A channel narrows the limit of its link, never widens it. */
export const linkLimit: Rule = {
  code: "CFG-170",
  check(project) {
    return project.channels.flatMap(({ place, source }) => {
      const link = wholePartners(project).get(source.partner)?.links.inbound?.limit;
      if (!link || !source.limit || (source.limit.perSecond <= link.perSecond && source.limit.burst <= link.burst)) return [];
      const message = `more than the inbound link of "${source.partner}" allows`;
      return [error("CFG-170", place.at("source", "limit"), message, `the link allows ${link.perSecond}/s with a burst of ${link.burst}`)];
    });
  },
};
