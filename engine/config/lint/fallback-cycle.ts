import { error, type Rule } from "./rule.ts";

/** What is dead for good must come to an end: fallbacks lead away from where they began. */
export const fallbackCycle: Rule = {
  code: "CFG-174",
  check({ channels }) {
    return channels.flatMap(({ place, destinations }) => {
      const next = new Map(destinations.map((d) => [d.name, d.fallback]));
      const seen = new Set<string>();
      return destinations.flatMap(({ name }) => {
        const way: string[] = [];
        let here: string | undefined = name;
        while (here !== undefined && !seen.has(here) && !way.includes(here)) {
          way.push(here);
          here = next.get(here);
        }
        for (const step of way) seen.add(step);
        if (here === undefined || !way.includes(here)) return [];
        const circle = [...way.slice(way.indexOf(here)), here];
        const message = circle.length === 2 ? `"${here}" falls back to itself` : `what fails would go round: ${circle.join(" to ")}`;
        return [error("CFG-174", place.at("destinations", circle.at(-2) ?? here, "fallback"), message, "let the last one end in the dead letters, without a fallback")];
      });
    });
  },
};
