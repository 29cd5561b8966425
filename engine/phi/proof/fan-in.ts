import type { Diagnostic } from "../../sdk/index.ts";
import type { Agreement, LintRule, Project } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { handOffsTo, originsOf } from "./origins.ts";
import { called, type WayOut, waysOut } from "./ways-out.ts";

/** Who holds data for others brings it together only where each lets it; a provider, plan or authority gets data of many in its own right. */
const onBehalf: readonly Agreement["basis"][] = ["baa", "dua"];

/** L14: data of several owners meets at one endpoint, or in one channel, only where their agreements let it (45 CFR 164.504(e)(2)(i)(B)). */
export const fanIn: LintRule = {
  code: "PHI-114",
  check: (project, { now }) => [...atEndpoints(waysOut(project, now)), ...inChannels(project)],
};

function atEndpoints(ways: readonly WayOut[]): Diagnostic[] {
  const gathered = new Map<string, Set<string>>();
  return ways.flatMap((way): Diagnostic[] => {
    const { channel, destination, partner, label, verdict } = way;
    if ("refusal" in verdict || verdict.permit.agreement === undefined || channelOf(partner.name) !== undefined) return [];
    const agreement = partner.agreements.find(({ id }) => id === verdict.permit.agreement);
    if (!agreement || !onBehalf.includes(agreement.basis) || agreement.mayAggregateOwners) return [];
    const known = gathered.get(endpointOf(way)) ?? new Set();
    const others = [...known].filter((owner) => !label.owners.includes(owner));
    gathered.set(endpointOf(way), new Set([...known, ...label.owners]));
    if (others.length === 0) return [];
    return [{
      code: "PHI-114",
      level: "error",
      at: channel.place.at("destinations", destination.name, "partner"),
      message: `destination "${destination.name}" sends data of ${label.owners.join(" and ")} to where ${called(partner)} gets that of ${others.join(" and ")}, and ${agreement.id} does not let them be brought together`,
      help: `if the agreement says so, write "mayAggregateOwners: true" at it in partners.yaml;\nelse register an endpoint, or a partner, for each owner`,
    }];
  });
}

function endpointOf({ partner, destination: { options } }: WayOut): string {
  const named = typeof options.endpoint === "string" ? options.endpoint : partner.endpoints.length === 1 ? partner.endpoints[0]?.id : "";
  return `${partner.name} ${named}`;
}

/** A channel that takes hand-offs from several owners is ours: each owner that is not us must let its data be brought together. */
function inChannels(project: Project): Diagnostic[] {
  return project.channels.flatMap((taker) =>
    taker.classification.owners.length < 2
      ? []
      : handOffsTo(project, taker).flatMap(({ from, destination }): Diagnostic[] => {
          const unwilling = originsOf(project, from).filter(({ owner, agreements }) =>
            owner !== project.settings.owner && !agreements.some((a) => a.mayAggregateOwners && a.owners.includes(owner)));
          if (unwilling.length === 0) return [];
          const owners = [...new Set(unwilling.map(({ owner }) => owner))];
          const others = taker.classification.owners.filter((owner) => !owners.includes(owner));
          return [{
            code: "PHI-114",
            level: "error",
            at: from.place.at("destinations", destination.name, "partner"),
            message: `destination "${destination.name}" hands data of ${owners.join(" and ")} to the channel ${taker.name}, which also takes that of ${others.join(" and ")}`,
            help: `if the agreement with ${owners.join(" and ")} lets it be brought together with others', register it at ${unwilling.map((p) => `"${p.name}"`).join(" and ")} with "mayAggregateOwners: true";\nelse hand each owner's data to a channel of its own`,
          }];
        }),
  );
}
