import type { Channel, CodeSpec, DestinationSpec } from "../config/project.ts";
import { labelSent } from "../phi/index.ts";
import { isAtMost } from "../phi/levels.ts";
import { inOrder } from "./same-way.ts";

/** A destination as a revision of its channel has it. */
export interface Bound {
  readonly channel: Channel;
  readonly spec: DestinationSpec;
}

export type Tightened = "sends" | "purpose" | "deidentify" | "only" | "label";

/**
 * What of the boundary an edit has changed since the revision that an entry was accepted under; `undefined`: nothing. Code of an earlier revision may run on;
 * what may leave, and for what, is as its channel says today, and whoever lowers it means what waits as well.
 */
export function tightened(then: Bound, now: Bound): Tightened | undefined {
  if (!isAtMost(then.spec.sends, now.spec.sends)) return "sends";
  if (then.spec.purpose !== now.spec.purpose) return "purpose";
  if (declassifier(then.spec) !== declassifier(now.spec)) return "deidentify";
  if (text(then.spec.only) !== text(now.spec.only)) return "only";
  const [before, today] = [labelSent(then.channel, then.spec), labelSent(now.channel, now.spec)];
  const isLower = !isAtMost(before.level, today.level) || before.compartments.some((each) => !today.compartments.includes(each));
  return isLower ? "label" : undefined;
}

function declassifier({ deidentify }: DestinationSpec): string {
  return text(deidentify && { ...deidentify, ...(deidentify.transform && { transform: codeOf(deidentify.transform) }) });
}

/** Code is what it says, wherever in its file it stands now. */
function codeOf({ text, language, form, modules = [] }: CodeSpec): object {
  return { text, language, form, modules };
}

function text(value: unknown): string {
  return JSON.stringify(value, inOrder) ?? "";
}
