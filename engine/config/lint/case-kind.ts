import type { Diagnostic } from "../../sdk/index.ts";
import type { CaseSpec } from "../case-spec.ts";
import type { Channel, Project } from "../project.ts";
import { completeness } from "../read/soundness.ts";
import type { PlacedNode } from "../yaml/place.ts";
import { error, type Rule } from "./rule.ts";

/** What a channel says of a kind of case holds with what the others of the kind say: somebody makes its cases known, and every state is one that a message can bring. */
export const caseKind: Rule = {
  code: "CFG-202",
  check(project) {
    const about = project.channels.flatMap((channel) => (channel.case ? [{ channel, spec: channel.case }] : []));
    // What a misspelt key hides is said at that key.
    if (about.length === 0 || about.some(({ spec }) => spec.kind === "") || hasHidden(project) || !completeness(project).channels) return [];
    const unopened = about.flatMap(({ channel, spec }) => neverKnown(channel, spec, about));
    return unopened.length > 0 ? unopened : unknownStates(about);
  },
};

interface About {
  readonly channel: Channel;
  readonly spec: CaseSpec;
}

function neverKnown({ place }: Channel, spec: CaseSpec, about: readonly About[]): Diagnostic[] {
  const isOpened = (kind: string) => about.some((other) => other.spec.kind === kind && other.spec.opens);
  const help = (kind: string) => `let a channel with case: { kind: ${kind} } open it, or write the name as there`;
  return [
    ...(isOpened(spec.kind) ? [] : [error("CFG-202", place.at("case", "kind"), `no channel makes a case of kind "${spec.kind}" known`, help(spec.kind))]),
    ...spec.known.flatMap(({ kind }, i) => (isOpened(kind) ? [] : [error("CFG-202", place.at("case", "known", i, "kind"), `no channel makes a case of kind "${kind}" known`, help(kind))])),
  ];
}

/** The first mention of each state that no message of the kind brings. */
function unknownStates(about: readonly About[]): Diagnostic[] {
  const seen = new Set<string>();
  return about.flatMap(({ channel: { place }, spec }) => {
    const states = new Set(about.filter((other) => other.spec.kind === spec.kind).flatMap(({ spec: { state } }) => [state.const, state.absent, ...Object.values(state.codes)]));
    const check = (state: string, at: () => Diagnostic["at"]): Diagnostic[] => {
      if (states.has(state) || state === "" || seen.has(`${spec.kind} ${state}`)) return [];
      seen.add(`${spec.kind} ${state}`);
      return [error("CFG-202", at(), `no message brings a case of kind "${spec.kind}" to "${state}"`, `states: ${[...states].filter((each) => each).join(", ")}`)];
    };
    const moves = (["moves", "behind"] as const).flatMap((key) => Object.entries(spec[key] ?? {}).flatMap(([from, to]) => [
      ...check(from, () => place.atKey("case", key, from)),
      ...to.flatMap((state, i) => check(state, () => place.at("case", key, from, i))),
    ]));
    const free = (spec.overlap?.unless ?? []).flatMap((state, i) => check(state, () => place.at("case", "overlap", "unless", i)));
    const unless = (spec.due?.unless ?? []).flatMap((state, i) => check(state, () => place.at("case", "due", "unless", i)));
    return [...moves, ...free, ...unless, ...(spec.work?.when ?? []).flatMap((state, i) => check(state, () => place.at("case", "work", "when", i)))];
  });
}

function hasHidden({ channels }: Project): boolean {
  return channels.some(mayHideCase);
}

/** A channel whose `case:` may stand under a name that the schema does not know. */
export function mayHideCase({ place }: Channel): boolean {
  const { node } = place as PlacedNode;
  return node?.kind === "map" && node.entries.some(({ key }) => key !== "case" && key.startsWith("cas"));
}
