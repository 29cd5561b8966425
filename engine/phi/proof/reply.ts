import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, DestinationSpec, LintRule, Partner } from "../../config/project.ts";
import { isSelf } from "../../config/self.ts";
import { standing } from "../agreements.ts";
import { permits } from "../flow-rule.ts";
import { isAtMost } from "../levels.ts";
import { backTo } from "./answer-edges.ts";
import { answering, labelOfReply } from "./answers.ts";
import { why } from "./in-force.ts";
import { called } from "./ways-out.ts";

/** L18: who is answered with what a destination answered is cleared for all that the answer may hold. */
export const reply: LintRule = {
  code: "PHI-118",
  check(project, { now }) {
    return project.channels.flatMap((channel): Diagnostic[] => {
      const { place, source } = channel;
      const [from] = answering(channel);
      const partner = project.partners.get(source.partner);
      const label = labelOfReply(channel, (name) => project.partners.get(name));
      // To nobody, where the engine itself is the sender: config says so.
      if (!from || !partner || !label || isSelf(partner.name)) return [];
      const verdict = permits({ label, destination: { ...from, partner: partner.name, sends: label.level }, partner: backTo(partner), now, isReply: true });
      // A channel that carries more than its inbound link is the business of L22.
      if ("permit" in verdict || (verdict.refusal.rule === "link" && !isAtMost(channel.classification.level, "deidentified"))) return [];
      const { refusal } = verdict;
      // As with any way out, an agreement that has ended is L09: the engine starts, and withholds the answer.
      if (refusal.code === "PHI-203") return [lapsed(channel, from, partner, refusal.where, now)];
      const purpose = from.purpose === undefined ? "" : ` for the purpose ${from.purpose}`;
      return [{
        code: "PHI-118",
        level: "error",
        at: place.at("source", "respond", "from"),
        message: `${called(partner)} would get what "${from.name}" answers, which may hold ${label.level}, and ${refusal.rule === "link" ? 'the link back is decided as "phi: never"' : "no agreement covers that"}`,
        help: `register an agreement with "${partner.name}" that covers ${label.level}${purpose},\nor state under "reply:" of "${from.partner}" in partners.yaml the most that its answers hold,\nor answer with ack: delivered, which tells the outcome alone`,
      }];
    });
  },
};

function lapsed(channel: Channel, from: DestinationSpec, partner: Partner, id: string | undefined, now: number): Diagnostic {
  const agreement = partner.agreements.find((each) => each.id === id);
  const ended = agreement ? ` ${why(agreement, standing(agreement, now))}` : " is not in force";
  const message = `the agreement ${id} with ${called(partner)}, under which it gets what "${from.name}" answers,${ended}`;
  return { code: "PHI-109", level: "error", at: channel.place.at("source", "respond", "from"), message, help: "renew it in partners.yaml; until then the answer is withheld and the sender gets a code alone" };
}
