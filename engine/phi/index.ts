import type { Tree } from "../codec/tree.ts";
import { codeOf, type Content } from "../sdk/index.ts";
import type { Boundary, Harvest, Refusal } from "./boundary.ts";
import { project } from "./closed-list.ts";
import { permits } from "./flow-rule.ts";
import { guard } from "./guard.ts";
import { MessageHarvest } from "./harvest.ts";
import { type Plain, plainCopy } from "./plain.ts";
import { seal } from "./release.ts";

export { codes, isSuspension } from "./codes.ts";
export { isReleased, releasedBody } from "./release.ts";
export { proofRules } from "./proof/index.ts";
export { labelSent } from "./proof/labels.ts";
export { egressMap, type EgressMap } from "./proof/egress-map.ts";
export type { Boundary, Harvest, Label, Mint, Refusal } from "./boundary.ts";

/** The boundary of an engine. It keeps nothing between messages but their identifiers, and those only as long as their trees live. */
export function createBoundary(): Boundary {
  const harvests = new WeakMap<Tree, MessageHarvest>();

  function harvest(raw: Tree, format: Content["format"]): MessageHarvest {
    let known = harvests.get(raw);
    if (!known) {
      known = new MessageHarvest(raw, format);
      harvests.set(raw, known);
    }
    return known;
  }

  return {
    harvest,
    project: ({ channel, destination, result, raw, mint }) =>
      countable(() => project({ channel, destination, result, harvest: harvest(raw, channel.source.format), mint }), (refusal) => ({ refusal })),
    permits,
    guard(input) {
      const read = guarded(input, false);
      return "refusal" in read ? read.refusal : undefined;
    },
    release(input) {
      const refusal = permits(input);
      if (refusal) return { refusal };
      const read = guarded(input, true);
      return "refusal" in read ? read : { released: seal(input.partner.name, read.envelope) };
    },
  };
}

/** Copied first: the guard reads the copy, and the copy is what leaves. */
function guarded(input: Parameters<Boundary["guard"]>[0], willLeave: boolean): Plain {
  const plain = plainCopy(input.envelope, input.destination, willLeave);
  if ("refusal" in plain) return plain;
  const given = { ...input, envelope: plain.envelope, harvest: ours(input.harvest), exempt: input.exempt ?? [], minted: input.minted ?? [] };
  const refusal = countable(() => guard(given), (refusal) => refusal);
  return refusal ? { refusal } : plain;
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
