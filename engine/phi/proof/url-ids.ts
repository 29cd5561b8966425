import type { LintContext, LintRule, Partner, Project } from "../../config/project.ts";
import type { Diagnostic, Range } from "../../sdk/index.ts";
import { asking } from "./asking.ts";
import { called, refusalOf, waysOut } from "./ways-out.ts";

/** L27: an id of the partner's server stands in an address only where its entry says that this is known, and where it may hold patients at all (DESIGN 3). */
export const urlIds: LintRule = {
  code: "PHI-127",
  check: (project, context) => [...destinations(project, context), ...sources(project, context)],
};

function destinations(project: Project, { connectors, now }: LintContext): Diagnostic[] {
  return waysOut(project, now).flatMap((way) => {
    const { channel, destination, partner, label } = way;
    // A way that nothing lets go is told once, by the rule of that.
    if (!connectors.get(destination.connector)?.destination?.urlIds?.(destination.options) || refusalOf(way)) return [];
    return flaw(partner, label.level === "phi", channel.place.atKey("destinations", destination.name, destination.connector), `destination "${destination.name}"`);
  });
}

function sources(project: Project, { connectors, now }: LintContext): Diagnostic[] {
  return project.channels.flatMap((channel) => {
    const { source, place } = channel;
    const partner = project.partners.get(source.partner);
    if (!partner?.links.outbound || !connectors.get(source.connector)?.source?.urlIds?.(source.options)) return [];
    return flaw(partner, asking(channel, partner, now).label.level === "phi", place.atKey("source", source.connector), `the source of "${channel.name}"`);
  });
}

function flaw(partner: Partner, isCovered: boolean, at: Range, who: string): Diagnostic[] {
  if (partner.urlIds === "acknowledged" && isCovered) return [];
  const message = isCovered
    ? `${who} would put ids of ${called(partner)}'s server into addresses, and nobody has said that this is known`
    : `${who} would put ids of ${called(partner)}'s server into addresses, and nothing lets patient data go there`;
  const help = isCovered
    ? `either send them inside a Bundle (a transaction),\nor write "urlIds: acknowledged" for "${partner.name}" in partners.yaml: its logs, and those of everybody on the way, then keep such ids`
    : `register the agreement and the link that cover patient data for "${partner.name}" in partners.yaml`;
  return [{ code: "PHI-127", level: "error", at, message, help }];
}
