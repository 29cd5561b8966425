import type { Diagnostic, Range } from "../../sdk/index.ts";
import { choices } from "../check/suggest.ts";
import type { Channel } from "../project.ts";
import { hasMisspeltKey } from "../read/soundness.ts";
import { error, type Rule } from "./rule.ts";

/** Whoever answers or stands in is a destination of the same channel. A name that is wrong in several places is one mistake. */
export const namedDestination: Rule = {
  code: "CFG-173",
  check(project) {
    return project.channels.flatMap((channel) => {
      const { place, source, destinations } = channel;
      if (destinations.length === 0 || hasMisspeltKey(project, place)) return [];
      const names = destinations.map((d) => d.name);
      const said = new Set([...names, ...inTests(channel), ""]);
      const unknown = (name: string | undefined, at: Range): Diagnostic[] => {
        if (name === undefined || said.has(name)) return [];
        said.add(name);
        return [error("CFG-173", at, `the channel has no destination "${name}"`, choices(name, names, "destinations"))];
      };
      return [
        ...unknown(source.respond?.from, place.at("source", "respond", "from")),
        ...destinations.flatMap((d) => unknown(d.fallback, place.at("destinations", d.name, "fallback"))),
      ];
    });
  },
};

/** Tests were looked at while reading. */
function inTests({ tests }: Channel): string[] {
  return tests.flatMap((test) => Object.keys(test.expect));
}
