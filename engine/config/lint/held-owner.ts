import { mayHideCase } from "./case-kind.ts";
import { error, type Rule } from "./rule.ts";

/** What a source holds is somebody's work: the channel's case says whose. */
export const heldOwner: Rule = {
  code: "CFG-250",
  check: ({ channels }) =>
    channels.flatMap((channel) =>
      channel.source.validate !== "hold" || channel.case || mayHideCase(channel)
        ? []
        : [error("CFG-250", channel.place.at("source", "validate"), "nobody would look at what is held", "write case: with an owner, or validate: refuse")]),
};
