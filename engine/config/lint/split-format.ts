import { error, type Rule } from "./rule.ts";
import { isFormatKnown } from "./source-format.ts";

const needed = { batch: "hl7v2", records: "csv", transaction: "x12", interchange: "x12", group: "x12", claim: "x12" } as const;

/** Each way to cut what arrives belongs to one format. */
export const splitFormat: Rule = {
  code: "CFG-179",
  check(project) {
    return project.channels.flatMap((channel) => {
      const { place, source } = channel;
      if (!source.split || source.format === needed[source.split] || !isFormatKnown(project, channel)) return [];
      const other = (Object.keys(needed) as (keyof typeof needed)[]).find((way) => needed[way] === source.format);
      const help = other === undefined ? `split: ${source.split} is for ${needed[source.split]}` : `for ${source.format}, write split: ${other}`;
      return [error("CFG-179", place.at("source", "split"), `split: ${source.split} does not cut ${source.format}`, help)];
    });
  },
};
