import type { Diagnostic } from "../../sdk/index.ts";
import { awaited, isAnswerKnown } from "./awaited.ts";
import { type Rule, warning } from "./rule.ts";

/** A sender waits for seconds; closed hours and a filling batch would outlast it. */
export const tooSlow: Rule = {
  code: "CFG-182",
  check(project) {
    return project.channels.flatMap((channel) => {
      if (!isAnswerKnown(project, channel)) return [];
      const { place, source } = channel;
      const deadline = source.respond?.withinMs ?? source.withinMs;
      return awaited(channel).flatMap(({ name, window, batch }): Diagnostic[] => {
        const path = ["destinations", name];
        if (deadline === undefined) return [];
        const closed = window && warning("CFG-182", place.atKey(...path, "window"), "the sender waits for this destination, and gets no good answer while the window is closed", "choose ack: stored, or send at any time");
        const filling = batch && batch.withinMs >= deadline && warning("CFG-182", place.at(...path, "batch", "within"), "the sender waits for this destination, and a batch may fill for as long as it waits", "make within of the batch shorter than that of the source");
        return [closed, filling].filter((d) => d !== undefined && d !== false);
      });
    });
  },
};
