import { choices } from "../../config/check/suggest.ts";
import type { LintRule } from "../../config/project.ts";
import { hasErrorIn } from "../../config/read/soundness.ts";
import { called, waysOut } from "./ways-out.ts";

/** What a connector says of the party behind it (phi.md 2.10): the fields that it may learn, and how each is set. */
export const partyProfile: LintRule = {
  code: "PHI-131",
  check: (project, { connectors, now }) =>
    waysOut(project, now).flatMap(({ channel, destination, partner }) => {
      const { connector, name, only, options } = destination;
      const at = (...path: string[]) => channel.place.atKey("destinations", name, ...path);
      // Options that do not fit say nothing of fields, and are told already.
      if (hasErrorIn(project, channel.place.at("destinations", name, connector))) return [];
      const fields = connectors.get(connector)?.destination?.closedTo?.(options);
      if (!fields) return [];
      const names = Object.keys(fields);
      // Without "sends: none" the list is PHI-103's or PHI-104's matter.
      if (!only) return destination.sends === "none" ? [] : [{ code: "PHI-131" as const, level: "error" as const, at: at(connector), message: `destination "${name}" has no closed list; ${called(partner)} learns only what one names`, help: `set "sends: none", and "only:" with fields of ${names.join(", ")}` }];
      return Object.entries(only).flatMap(([field, { kind }]) => {
        const ways = fields[field];
        if (ways?.includes(kind)) return [];
        const message = ways ? `"${field}" is set by ${kind}; toward ${called(partner)} it may be ${ways.join(" or ")}` : `"${field}" is not a field that ${called(partner)} may learn`;
        const help = ways ? `set it with ${ways.join(" or ")}: anything else could say who or what it is about` : choices(field, names, "fields");
        return [{ code: "PHI-131" as const, level: "error" as const, at: at("only", field), message, help }];
      });
    }),
};
