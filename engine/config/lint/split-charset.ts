import { canSplit } from "../../codec/split/index.ts";
import { error, type Rule } from "./rule.ts";

/** What is cut is cut as bytes, before it is text. */
export const splitCharset: Rule = {
  code: "CFG-185",
  check: (project) =>
    project.channels.flatMap(({ place, source: { split, charset } }) =>
      split === undefined || canSplit(charset)
        ? []
        : [error("CFG-185", place.at("source", "charset"), `split: ${split} does not cut ${charset}`, "have the partner send UTF-8, or leave split out: then what arrives is one message")]),
};
