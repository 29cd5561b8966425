import type { Project } from "../project.ts";
import { isSelf } from "../self.ts";
import { completeness } from "../read/soundness.ts";
import { destinationsOf, type Rule, warning } from "./rule.ts";

/** A party that nothing uses is either a leftover or a misspelling elsewhere. */
export const unusedPartner: Rule = {
  code: "CFG-158",
  check(project) {
    if (!completeness(project).channels) return [];
    const used = new Set([...project.channels.map((c) => c.source.partner), ...destinationsOf(project).map((d) => d.destination.partner), ...askedForIdentity(project)]);
    // An unknown name is most likely one of these, misspelt.
    if ([...used].some((name) => !project.partners.has(name)) || project.channels.some((c) => c.destinations.length === 0)) return [];
    return [...project.partners.values()].flatMap(({ name, place }) =>
      used.has(name) || isSelf(name) ? [] : [warning("CFG-158", place.atKey(), `no channel uses "${name}"`, "remove it, or keep it for a channel to come")]);
  },
};

/** Identity providers are asked by the engine itself. */
function askedForIdentity({ settings }: Project): readonly string[] {
  return Object.values(settings.identity?.issuers ?? {}).flatMap(({ jwks, introspection }) => [jwks, introspection].flatMap((place) => (place ? [place.partner] : [])));
}
