import type { Tree } from "../codec/tree.ts";
import { codeOf, type Content } from "../sdk/index.ts";
import { misaddressed } from "./address.ts";
import type { Boundary, Harvest, Mint, Refusal, Verdict } from "./boundary.ts";
import { type Grant, lifts, reaches } from "./break-glass.ts";
import { project } from "./closed-list.ts";
import { deidentify, isExamined } from "./deidentify/index.ts";
import { permits } from "./flow-rule.ts";
import { guard } from "./guard.ts";
import { MessageHarvest } from "./harvest.ts";
import { labelOf } from "./label/index.ts";
import { Memory } from "./memory/memory.ts";
import { type Plain, plainCopy } from "./plain.ts";
import { seal } from "./release.ts";

export { codes, isSuspension } from "./codes.ts";
export { beyond, type Beyond } from "./label/beyond.ts";
export { withNotice } from "./notice.ts";
export { backDated } from "./back-dated.ts";
export { type Ending, endings, when } from "./ending.ts";
export { isReleased, releasedBody } from "./release.ts";
export { type Counted, tabulate } from "./deidentify/aggregate.ts";
export { proofRules } from "./proof/index.ts";
export { policiesOf } from "./deidentify/formats.ts";
export { type Question, questionOf } from "./proof/question-edges.ts";
export { type Asking, asking } from "./proof/asking.ts";
export { labelSent } from "./proof/labels.ts";
export { answering, labelOfReply } from "./proof/answers.ts";
export { egressMap, type EgressMap } from "./proof/egress-map.ts";
export type { Boundary, Harvest, Label, Mint, Refusal } from "./boundary.ts";

/** The boundary of an engine. Between messages it keeps identifiers as long as their trees live, and keyed digests of the last ones. */
export function createBoundary(): Boundary {
  const memory = new Memory();
  const own = Symbol("harvest");

  /** It stands with its tree: in a WeakMap the collector of young objects would take both for living as long as the map does. */
  function harvest(raw: Tree & { [own]?: MessageHarvest }, format: Content["format"]): MessageHarvest {
    return (raw[own] ??= new MessageHarvest(raw, format));
  }

  return {
    harvest,
    project: ({ channel, destination, result, raw, mint, now = Number.NaN }) =>
      countable(
        () => {
          const of = harvest(raw, channel.source.format);
          return project({ channel, destination, result, harvest: of, mint: noting(mint, of), now });
        },
        (refusal) => ({ refusal }),
      ),
    label: labelOf,
    deidentify: (input) => deidentify({ ...input, mint: noting(input.mint, harvest(input.raw, input.channel.source.format)) }),
    permits: permitted,
    guard(input) {
      const read = guarded(input, memory, false);
      return "refusal" in read ? read.refusal : undefined;
    },
    release(input) {
      const verdict = permitted(input);
      if ("refusal" in verdict) return verdict;
      const read = guarded(input, memory, true);
      if ("refusal" in read) return read;
      let { lifted } = read;
      for (const harvest of input.others ?? []) {
        const again = guarded({ ...input, envelope: read.envelope, harvest }, memory, false);
        if ("refusal" in again) return again;
        lifted ??= again.lifted;
      }
      const permit = lifted === undefined ? verdict.permit : { ...verdict.permit, breakGlass: lifted };
      const stands = (now: number) => {
        const partner = input.partnerNow ? input.partnerNow() : input.partner;
        return partner !== undefined && misaddressed(read.envelope, partner) === undefined && "permit" in permitted({ ...input, partner, now });
      };
      return { released: seal(input.partner.name, read.envelope, stands), permit };
    },
  };
}

/** What is minted for a message is known to be no identifier where the guard meets it. */
function noting(mint: Mint, { minted }: MessageHarvest): Mint {
  const noted = (token: string) => {
    minted.add(token);
    return token;
  };
  return { ...mint, surrogate: (...of) => noted(mint.surrogate(...of)), pseudonym: (...of) => noted(mint.pseudonym(...of)) };
}

/** Copied first: the guard reads the copy, and the copy is what leaves. */
function guarded(input: Parameters<Boundary["guard"]>[0] & { readonly now?: number }, memory: Memory, willLeave: boolean): Plain & { readonly lifted?: string } {
  const plain = plainCopy(input.envelope, input.destination, willLeave);
  if ("refusal" in plain) return plain;
  const given = { ...input, envelope: plain.envelope, harvest: ours(input.harvest), exempt: input.exempt ?? [], minted: input.minted ?? [], owners: input.owners ?? input.label.owners, memory };
  const refusal = countable(() => guard(given), (refusal) => refusal);
  if (!refusal) return plain;
  const { grant, now } = input;
  const isLifted = grant !== undefined && now !== undefined && reaches(grant, { ...input, now }) && lifts(grant, refusal, { ...input, now });
  // What the guard only guesses stands back; what it is sure of is looked for once more, by itself.
  const sure = isLifted ? countable(() => guard({ ...given, liftsHold: true }), (found) => found) : refusal;
  return sure ? { refusal: sure } : { ...plain, lifted: (grant as Grant).id };
}

/** The flow rule, and what two people have lifted of it for now. */
function permitted(input: Parameters<Boundary["permits"]>[0]): Verdict {
  const { deidentify: spec } = input.destination;
  // Nobody lifts what an expert has not examined: without the determination it is no de-identified data. An answer is no work of that step.
  if (!input.isReply && spec?.method === "expert" && !isExamined(input.destination, input.partner)) {
    return { refusal: { code: "PHI-232", rule: "determination", ...(spec.certificate !== undefined && { where: spec.certificate }) } };
  }
  const verdict = permits(input);
  const { grant } = input;
  if ("permit" in verdict || !grant || !reaches(grant, input) || !lifts(grant, verdict.refusal, input)) return verdict;
  return { permit: { breakGlass: grant.id, ...(input.destination.purpose !== undefined && { purpose: input.destination.purpose }) } };
}

/** A message with too many identifiers to look for is refused wherever they would be looked for. */
function countable<T>(look: () => T, refused: (refusal: Refusal) => T): T {
  try {
    return look();
  } catch (error) {
    if (codeOf(error, "PHI-207") !== "PHI-212") throw error;
    return refused({ code: "PHI-212", rule: "identifiers" });
  }
}

/** A harvest made elsewhere knows no identifiers: with it the guard would find nothing. */
function ours(harvest: Harvest): MessageHarvest {
  if (!(harvest instanceof MessageHarvest)) throw new TypeError("harvest of another boundary");
  return harvest;
}
