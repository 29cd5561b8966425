import type { LintRule } from "../../config/project.ts";
import { misfit } from "../deidentify/index.ts";

/** Settings that a method of de-identification does not allow. */
export const deidentifySettings: LintRule = {
  code: "PHI-124",
  check: (project) =>
    project.channels.flatMap((channel) =>
      channel.destinations.flatMap(({ name, deidentify }) => {
        const wrong = deidentify && misfit(deidentify);
        if (!wrong) return [];
        const at = channel.place.at("destinations", name, "deidentify", wrong);
        return [{ code: "PHI-124" as const, level: "error" as const, at, message: `destination "${name}": ${said[wrong](deidentify.method)}`, help: help[wrong] }];
      }),
    ),
};

const said = {
  dates: (method: string) => `${method} keeps the years of dates alone`,
  ids: () => "Safe Harbor allows no pseudonym: it is derived from the identifier",
  certificate: (method: string) => (method === "expert" ? "an expert's method names no certificate" : `${method} rests on no certificate`),
  aggregate: (method: string) => (method === "aggregate" ? "an aggregate names no periods" : `${method} makes no counts by period`),
} as const;

const help = {
  dates: 'leave "dates" out, or let an expert determine it: { method: expert, certificate: ..., dates: shift }',
  ids: '"ids: surrogate" gives a random token of the vault instead, the same for the same patient',
  certificate: 'name under "certificate" the agreement of basis expert-determination, with method expert alone',
  aggregate: 'write "aggregate: { every: month, timezone: ... }" with method aggregate alone',
} as const;
