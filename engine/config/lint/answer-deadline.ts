import { hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { error, type Rule } from "./rule.ts";

/** An answer that waits for a partner says how long: at the deadline the sender is told, and sends again. */
export const answerDeadline: Rule = {
  code: "CFG-171",
  check(project) {
    return project.channels.flatMap(({ place, source }) => {
      const isStated = (...path: string[]) => isWritten(place, ...path, "within") || hasMisspeltKey(project, place, ...path);
      if (source.respond) {
        if (isStated("source", "respond") || hasErrorIn(project, place.at("source", "respond"))) return [];
        const message = `the sender is answered by "${source.respond.from}", and nothing says how long it waits`;
        return [error("CFG-171", place.atKey("source", "respond"), message, "add within: below the time after which the sender gives up, for example within: 20s")];
      }
      if (source.ack !== "delivered" || isStated("source")) return [];
      const message = "the sender is answered once every destination has the message, and nothing says how long it waits";
      return [error("CFG-171", place.at("source", "ack"), message, "add within: below the time after which the sender gives up, for example within: 20s")];
    });
  },
};
