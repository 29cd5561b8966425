import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, Project } from "../project.ts";
import { hasErrorIn, hasMisspeltKey } from "../read/soundness.ts";
import { isSelf } from "../self.ts";
import { isWritten } from "../yaml/place.ts";
import { fallbacksOf, isAnswerKnown } from "./awaited.ts";
import { error, type Rule, warning } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";

/** Keys that another key makes void, or that say two things of one case. */
export const contradiction: Rule = {
  code: "CFG-172",
  check(project) {
    return project.channels.flatMap((channel) => [...ofAnswer(project, channel), ...ofFormat(project, channel), ...ofDestinations(project, channel), ...ofClasses(project, channel)]);
  },
};

function ofAnswer(project: Project, channel: Channel): Diagnostic[] {
  const { place, source } = channel;
  const writes = (key: string) => isWritten(place, "source", key);
  if (source.respond && writes("ack")) {
    const message = `the sender gets the answer of "${source.respond.from}", so ack says nothing`;
    return [error("CFG-172", place.atKey("source", "ack"), message, "remove ack, or remove respond")];
  }
  if (source.respond && isAnswerKnown(project, channel) && fallbacksOf(channel).has(source.respond.from)) {
    const message = `"${source.respond.from}" takes only what fails elsewhere, so most messages would get no answer`;
    return [error("CFG-172", place.at("source", "respond", "from"), message, "answer from the destination that it stands in for")];
  }
  if (source.respond && isSelf(source.partner)) {
    return [error("CFG-172", place.atKey("source", "respond"), "what the engine itself gives has no sender that reads an answer", "remove respond; ack: delivered tells a channel that hands over how it ended")];
  }
  const isBroken = ["ack", "within"].some((key) => writes(key) && hasErrorIn(project, place.at("source", key)));
  if (!writes("within") || isBroken || hasMisspeltKey(project, place, "source")) return [];
  if (source.respond) return [error("CFG-172", place.atKey("source", "within"), "this within belongs to ack, and the sender is answered by a destination", "write it under respond: { from, within }")];
  const isTried = !isAnswerKnown(project, channel) || channel.destinations.some((d) => d.queue === "on-failure");
  if (source.ack === "stored" && !isTried) return [warning("CFG-172", place.atKey("source", "within"), "ack: stored waits for the disk alone, so within says nothing", "remove within, or choose ack: processed or delivered")];
  return [];
}

/** What only one format has. */
function ofFormat(project: Project, channel: Channel): Diagnostic[] {
  const { place, source } = channel;
  if (!isFormatKnown(project, channel)) return [];
  const { delimiter, quote } = source.csv ?? {};
  if (delimiter !== undefined && delimiter === quote) {
    return [error("CFG-172", place.at("source", "csv", "quote"), "one character cannot part values and stand around them", 'let quote be another; values that are never quoted have quote: ""')];
  }
  const only = { version: "hl7v2", encoding: "hl7v2", sequence: "hl7v2", csv: "csv", x12: "x12" } as const;
  if (source.x12 && source.split) return [error("CFG-172", place.atKey("source", "x12"), "an answer is to what the sender sent, and split makes several messages of it", "remove split, or x12")];
  if (source.sequence && source.split) return [error("CFG-172", place.at("source", "split"), "messages of one batch have one answer, and a sequence number needs one each", "remove split, or sequence")];
  if (source.encoding && source.split) return [error("CFG-172", place.at("source", "split"), "messages in XML are not cut out of a batch", "remove split, or encoding")];
  return (["version", "encoding", "sequence", "csv", "x12"] as const).flatMap((key) => {
    if (!isWritten(place, "source", key) || source.format === only[key] || hasErrorIn(project, place.at("source", key))) return [];
    return [warning("CFG-172", place.atKey("source", key), `the messages are ${source.format}, so ${key} says nothing`, `remove ${key}, or write format: ${only[key]}`)];
  });
}

function ofDestinations(project: Project, { place, destinations }: Channel): Diagnostic[] {
  return destinations.flatMap(({ name, queue, retry, accept, answers }) => {
    const found: Diagnostic[] = [];
    const path = ["destinations", name];
    if (hasErrorIn(project, place.at(...path))) return [];
    // Its maxAge still says how long a message may wait for its one attempt.
    if (queue === "none" && retry.attempts !== 1 && ["attempts", "initial", "max"].some((key) => isWritten(place, ...path, "retry", key))) {
      const help = "remove retry, or choose queue: on-failure to try again after a failure";
      found.push(warning("CFG-172", place.atKey(...path, "retry"), "queue: none sends once, so retry says nothing of further attempts", help));
    }
    for (const code of Object.keys(answers ?? {})) {
      if (!(accept ?? ["AA", "CA"]).includes(code)) continue;
      const message = isWritten(place, ...path, "accept") ? `${code} counts as delivered under accept` : `${code} counts as delivered where accept does not say otherwise`;
      found.push(error("CFG-172", place.atKey(...path, "answers", code), message, `keep ${code} in one of the two`));
    }
    return found;
  });
}

/** A method of de-identification makes one class. What asks for a lower one than it makes lacks clearance, which the proof of the boundary says. */
function ofClasses(project: Project, { place, destinations }: Channel): Diagnostic[] {
  return destinations.flatMap(({ name, sends, deidentify }) => {
    if (!deidentify || !isWritten(place, "destinations", name, "sends") || hasErrorIn(project, place.at("destinations", name))) return [];
    const made = deidentify.method === "limited-data-set" ? "limited" : "deidentified";
    if (sends === made || (sends === "deidentified" && made === "limited")) return [];
    const message = `deidentify: ${deidentify.method} makes ${made} of what destination "${name}" sends, and sends says ${sends}`;
    const help = sends === "none" ? `a closed list alone lowers to none: remove deidentify, or write "sends: ${made}"` : `write "sends: ${made}", or remove deidentify`;
    return [error("CFG-172", place.at("destinations", name, "sends"), message, help)];
  });
}
