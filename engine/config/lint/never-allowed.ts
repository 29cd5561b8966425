import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel, DestinationSpec, Project } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { isFormatKnown } from "./source-format.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** A destination whose partner's link allows nothing that can come is refused message by message; better now. */
export const neverAllowed: Rule = {
  code: "CFG-181",
  check(project) {
    const found: Diagnostic[] = [];
    for (const { channel, destination, path } of destinationsOf(project)) {
      const allow = wholePartners(project).get(destination.partner)?.links.outbound?.allow ?? ["*"];
      if (allow.includes("*") || allow.length === 0 || hasErrorIn(project, channel.place.at(...path)) || !isFormatKnown(project, channel)) continue;
      const what = isUntyped(destination) ? `${destination.only ? "json" : destination.format} has no message type` : strangers(project, channel, destination, allow);
      if (what === undefined) continue;
      const help = isUntyped(destination) ? 'what has no type needs allow: ["*"] on the link' : "add the type to the link, or make another in a transform";
      found.push(error("CFG-181", channel.place.at(...path, "partner"), `${what}, and the outbound link of "${destination.partner}" allows ${allow.join(", ")}`, help));
    }
    return found;
  },
};

/** Whatever code makes of it, there is no type to compare. A json destination may be given FHIR, which has one. */
function isUntyped({ only, format }: DestinationSpec): boolean {
  return only !== undefined || format === "text" || format === "csv";
}

/** What comes and leaves as it came, where the link allows none of it. */
function strangers(project: Project, channel: Channel, destination: DestinationSpec, allow: readonly string[]): string | undefined {
  const { source, transform } = channel;
  if (transform || destination.transform || destination.format !== source.format) return undefined;
  const inbound = wholePartners(project).get(source.partner)?.links.inbound?.allow;
  if (!inbound || hasErrorIn(project, channel.place.at("source", "types"))) return undefined;
  const comes = source.types.length === 0 ? inbound : source.types.filter((type) => inbound.some((other) => overlap(type, other)));
  if (comes.length === 0 || comes.some((type) => allow.some((other) => overlap(type, other)))) return undefined;
  return `what comes is ${comes.join(", ")}`;
}

/** Whether a message can be of both: `ADT^*` and `ADT^A04`, or `*` and anything. */
function overlap(a: string, b: string): boolean {
  if (a === "*" || b === "*") return true;
  const [group, event = "*"] = a.split("^");
  const [other, its = "*"] = b.split("^");
  return group === other && (event === "*" || its === "*" || event === its);
}
