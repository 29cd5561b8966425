import type { Diagnostic } from "../../sdk/index.ts";
import type { LintRule } from "../../config/project.ts";
import { isSelf } from "../../config/self.ts";
import { permits } from "../flow-rule.ts";
import { called } from "./ways-out.ts";

/** L18: who is answered with what a destination answered is cleared for all that the channel carries, since an answer may hold any of it. */
export const reply: LintRule = {
  code: "PHI-118",
  check(project, { now }) {
    return project.channels.flatMap((channel): Diagnostic[] => {
      const { place, source, classification: label, destinations } = channel;
      const from = destinations.find(({ name }) => name === source.respond?.from);
      const partner = project.partners.get(source.partner);
      // To nobody, where the engine itself is the sender: config says so.
      if (!from || !partner || isSelf(partner.name)) return [];
      const { inbound } = partner.links;
      // The answer goes back over the link that the message came by.
      const back = { ...partner, links: inbound ? { outbound: inbound } : {} };
      const refusal = permits({ label, destination: { ...from, partner: partner.name, sends: label.level }, partner: back, now });
      // A channel that carries more than its inbound link is the business of L22.
      if (!refusal || refusal.rule === "link") return [];
      const lacks = refusal.code === "PHI-203" ? "the agreement that covers it is not in force" : "no agreement covers that";
      const purpose = from.purpose === undefined ? "" : ` for the purpose ${from.purpose}`;
      return [{
        code: "PHI-118",
        level: "error",
        at: place.at("source", "respond", "from"),
        message: `${called(partner)} would get what "${from.name}" answers, which may hold ${label.level}, and ${lacks}`,
        help: `register an agreement with "${partner.name}" that covers ${label.level}${purpose},\nor answer with ack: delivered, which tells the outcome alone`,
      }];
    });
  },
};
