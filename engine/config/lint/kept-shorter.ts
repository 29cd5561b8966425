import type { Diagnostic } from "../../sdk/index.ts";
import type { Keeping, Placed } from "../project.ts";
import { keepingOf } from "../read/keeping.ts";
import { hasErrorIn } from "../read/soundness.ts";
import { isWritten } from "../yaml/place.ts";
import { error, type Rule } from "./rule.ts";

/** Contents are found by their metadata, and cannot be kept for longer. */
export const keptShorter: Rule = {
  code: "CFG-180",
  check(project) {
    const { settings, channels } = project;
    const found: Diagnostic[] = [];
    const look = (place: Placed, keep: Keeping) => {
      if (keep.metadataMs === undefined || (keep.contentsMs ?? Number.POSITIVE_INFINITY) <= keep.metadataMs || hasErrorIn(project, place.at("keep"))) return;
      const at = isWritten(place, "keep", "metadata") ? place.at("keep", "metadata") : place.at("keep", "contents");
      const message = keep.contentsMs === undefined ? "contents would be kept for ever, and what is known of them would not" : "contents would be kept longer than what is known of them";
      found.push(error("CFG-180", at, message, "let metadata stay at least as long as contents"));
    };
    if (settings.keep) look(settings.place, settings.keep);
    const isBroken = found.length > 0 || hasErrorIn(project, settings.place.at("keep"));
    for (const channel of channels) if (channel.keep && !isBroken) look(channel.place, keepingOf(channel, settings));
    return found;
  },
};
