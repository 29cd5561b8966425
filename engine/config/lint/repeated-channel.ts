import { error, type Rule } from "./rule.ts";

/** Queues, records and metrics are kept by channel name. */
export const repeatedChannel: Rule = {
  code: "CFG-160",
  check({ channels }) {
    return channels.flatMap(({ name, place }, i) => {
      const first = channels.findIndex((other) => other.name === name);
      if (name === "" || first === i) return [];
      return [error("CFG-160", place.at("channel"), `${channels[first]?.place.file} has a channel "${name}" already`, "give each channel its own name")];
    });
  },
};
