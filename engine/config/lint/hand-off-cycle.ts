import type { Diagnostic } from "../../sdk/index.ts";
import { handOffs, type HandsOver } from "./hand-offs.ts";
import { error, type Rule } from "./rule.ts";

/** A message must come to an end: channels hand over in one direction. A filter might stop it, but one day does not. */
export const handOffCycle: Rule = {
  code: "CFG-184",
  check(project, { connectors }) {
    const all = handOffs(project, connectors);
    const found: Diagnostic[] = [];
    const said = new Set<HandsOver>();
    for (const first of all) {
      const way = wayBack(first, all);
      if (!way || way.some((step) => said.has(step))) continue;
      for (const step of way) said.add(step);
      const names = [first.channel.name, ...way.map((step) => step.to)];
      const message = way.length === 1 ? `the channel "${first.to}" hands its messages to itself` : `messages would go round: ${names.join(" to ")}`;
      found.push(error("CFG-184", way.at(-1)?.at ?? first.at, message, "take one of these hand-offs away"));
    }
    return found;
  },
};

/** The shortest way from what is handed over here back to this channel. */
function wayBack(first: HandsOver, all: readonly HandsOver[]): readonly HandsOver[] | undefined {
  const reached = new Set([first.to]);
  let ways: (readonly HandsOver[])[] = [[first]];
  while (ways.length > 0) {
    const back = ways.find((way) => way.at(-1)?.to === first.channel.name);
    if (back) return back;
    ways = ways.flatMap((way) => {
      const next = all.filter((step) => step.channel.name === way.at(-1)?.to && !reached.has(step.to));
      for (const step of next) reached.add(step.to);
      return next.map((step) => [...way, step]);
    });
  }
  return undefined;
}
