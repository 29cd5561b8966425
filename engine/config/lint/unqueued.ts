import type { Diagnostic } from "../../sdk/index.ts";
import { awaited, isAnswerKnown } from "./awaited.ts";
import { destinationsOf, type Rule, warning } from "./rule.ts";

/** With neither a queue, nor a sender who waits, nor a fallback, a failure is left to whoever reads the dead letters. */
export const unqueued: Rule = {
  code: "CFG-176",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      if (destination.queue !== "none" || destination.fallback !== undefined || awaited(channel).includes(destination)) continue;
      if (!isAnswerKnown(project, channel)) continue;
      const message = "queue: none sends once, after the sender has its answer: what fails is a dead letter that nobody is told of";
      const help = `choose queue: on-failure or always, let the sender wait (ack: delivered, or respond: { from: ${destination.name} }), or name a fallback`;
      found.push(warning("CFG-176", channel.place.at(...path, "queue"), message, help));
    }
    return found;
  },
};
