import type { Diagnostic } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import { hasErrorIn, wholePartners } from "../read/soundness.ts";
import { destinationsOf, error, type Rule } from "./rule.ts";

/** Nothing that a channel says may keep an alert from being told: its endpoints exist, and no filter, window, batch or end of retries stands in its way. */
export const alertWay: Rule = {
  code: "CFG-203",
  check(project) {
    return destinationsOf(project).flatMap(({ channel, destination, path }): Diagnostic[] => {
      const { alert } = destination;
      const { place } = channel;
      if (!alert || hasErrorIn(project, place.at(...path, "alert"))) return [];
      const ids = wholePartners(project).get(destination.partner)?.endpoints.map(({ id }) => id);
      const unknown = alert.escalate.flatMap((id, i) =>
        ids === undefined || ids.includes(id) ? [] : [error("CFG-203", place.at(...path, "alert", "acknowledge", "escalate", i), `"${destination.partner}" has no endpoint "${id}"`, choices(id, ids, "endpoints"))]);
      const table = alert.rangesTable !== undefined && !project.lookups.has(alert.rangesTable)
        ? [error("CFG-203", place.at(...path, "alert", "ranges"), `there is no lookup table "${alert.rangesTable}"`, choices(alert.rangesTable, [...project.lookups.keys()], "tables in lookups/"))]
        : [];
      const silenced = (["filter", "window", "batch", "fallback"] as const).flatMap((key) =>
        destination[key] === undefined ? [] : [error("CFG-203", place.atKey(...path, key), `"${key}" could keep an alert from being told`, "remove it: an alert takes critical results alone, and tells of each at once")]);
      const queue = destination.queue === "none" ? [error("CFG-203", place.at(...path, "queue"), "an alert is told until a person has acknowledged", 'remove "queue"')] : [];
      const filter = channel.filter === undefined ? [] : [error("CFG-203", place.atKey("filter"), `a filter of the channel could keep an alert of "${destination.name}" from being told`, "write it under the other destinations")];
      return [...unknown, ...table, ...silenced, ...queue, ...filter];
    });
  },
};
