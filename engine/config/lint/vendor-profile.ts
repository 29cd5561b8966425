import type { Diagnostic } from "../../sdk/index.ts";
import type { Partner, Project } from "../project.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { questionsOf, type Vendor, vendors } from "../vendors.ts";
import { hostOf, isLoopback } from "./loopback.ts";
import { destinationsOf, type Rule, warning } from "./rule.ts";

/** Where a partner runs a vendor's server (`profile:`): does its address look like one of theirs, and does a channel rely on what one has to ask about? */
export const vendorAddress: Rule = {
  code: "CFG-230",
  check: (project) =>
    profiled(project).flatMap(({ partner, vendor }) =>
      partner.endpoints.flatMap(({ url }, i): Diagnostic[] => {
        // A simulator on this machine stands for it.
        if (!/^https?:/.test(url) || isLoopback(hostOf(url)) || vendor.baseUrl.test(url)) return [];
        return [warning("CFG-230", partner.place.at("endpoints", i, "url"), `this is not how base addresses of ${vendor.name} are said to look`, `usually ${vendor.example}; unverified, by ${vendor.sources[0]}`)];
      }),
    ),
};

export const vendorQuestions: Rule = {
  code: "CFG-231",
  check(project) {
    const uses = [
      ...destinationsOf(project).map(({ channel, destination, path }) => ({ channel, path, ...destination })),
      ...project.channels.map((channel) => ({ channel, path: ["source"] as readonly string[], ...channel.source })),
    ];
    const known = new Map(profiled(project).map(({ partner, vendor }) => [partner.name, vendor]));
    return uses.flatMap(({ channel, path, partner, connector, options }) => {
      const vendor = known.get(partner);
      if (!vendor || hasErrorIn(project, channel.place.at(...path, connector))) return [];
      return questionsOf(vendor, connector, options).map(({ option, ask }) =>
        warning("CFG-231", channel.place.at(...path, connector, option), `ask "${partner}" (${vendor.name}) ${ask}`, `unverified, by ${vendor.sources[0]}; take profile: out of its entry when it is settled`));
    });
  },
};

function profiled(project: Project): { readonly partner: Partner; readonly vendor: Vendor }[] {
  return [...wholePartners(project).values()].flatMap((partner) => {
    const vendor = partner.profile === undefined ? undefined : vendors.get(partner.profile);
    return vendor ? [{ partner, vendor }] : [];
  });
}
