import type { Diagnostic } from "../../sdk/index.ts";
import type { Channel } from "../project.ts";
import { error, type Rule, warning } from "./rule.ts";

/** A case has one state after a message: of a value, or a constant; and what is older needs something to be older by. */
export const caseState: Rule = {
  code: "CFG-201",
  check: ({ channels }) => channels.flatMap((channel) => judge(channel)),
};

function judge({ place, case: about }: Channel): Diagnostic[] {
  if (!about || about.kind === "") return [];
  const { of, const: constant, absent, codes } = about.state;
  const at = place.atKey("case", "state");
  if (of === undefined && constant === undefined) return [error("CFG-201", at, "no state follows from this", "write const: with a state, or of: with a path and a state for each of its values")];
  if (of !== undefined && constant !== undefined) return [error("CFG-201", place.atKey("case", "state", "const"), "the state is a constant and of a value as well", "keep one of const: and of:")];
  if (of !== undefined && Object.keys(codes).length === 0 && absent === undefined) return [error("CFG-201", at, `no value of ${of} stands for a state, so every message would be held`, `write a state for each value, for example F: final`)];
  if (about.stamp === undefined && about.stale === "filter") return [warning("CFG-201", place.at("case", "stale"), "nothing says which of two messages is older", "write stamp: with the path of a time or of a version")];
  return [];
}
