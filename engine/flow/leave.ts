import type { Partner } from "../config/project.ts";
import { isSuspension, labelSent } from "../phi/index.ts";
import type { Refusal } from "../phi/boundary.ts";
import type { Attempted } from "../queue/lane.ts";
import { codeOf, type Envelope, type Outcome } from "../sdk/index.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Entry } from "../store/store.ts";
import type { Work } from "./work.ts";

/** The channel that was to take a hand-off takes none now. */
const shutCode = "RUN-120";

export interface Leaving {
  readonly envelope: Envelope;
  /** Whose contents are in it: it is read for the identifiers of each. */
  readonly works: readonly [Work, ...Work[]];
  readonly partner: Partner;
  /** Names of the engine's making, beside those of the messages. */
  readonly exempt?: readonly string[];
  /** The entry that stands for all of them. */
  readonly entry: Pick<Entry, "id" | "again">;
}

/** The last gate and the way out: what the guard does not release, with the partners and agreements of this moment, does not leave. */
export async function leave(leaving: Leaving, attempt: number, signal: AbortSignal, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Attempted> {
  const { envelope, works, partner, entry } = leaving;
  const { boundary, clock } = ports;
  const asked = {
    envelope,
    label: labelSent(revision.channel, exit.spec),
    destination: exit.spec,
    partner,
    now: clock.now(),
    exempt: [...works.flatMap(({ ids }) => ids), ...(leaving.exempt ?? [])],
    minted: works.flatMap(({ minted }) => minted),
  };
  const [first, ...others] = works;
  for (const work of others) {
    const refusal = boundary.permits(asked) ?? boundary.guard({ ...asked, harvest: work.harvest(boundary) });
    if (refusal) return refused(refusal);
  }
  const verdict = boundary.release({ ...asked, harvest: first.harvest(boundary) });
  if ("refusal" in verdict) return refused(verdict.refusal);
  let outcome: Outcome;
  try {
    outcome = await exit.send(verdict.released, attempt, signal, entry);
  } catch (error) {
    if (signal.aborted) return { kind: "unknown", code: "FLW-302" };
    // A connector that throws may have sent: the entry is tried again as a possible duplicate.
    return { kind: "unknown", code: codeOf(error, "FLW-301") };
  }
  // Nothing left the engine, and what keeps the other channel shut is its operator's doing, not the message's: no attempt is spent on it.
  return outcome.kind === "retry" && outcome.code === shutCode ? { kind: "suspended", code: shutCode } : outcome;
}

function refused({ code, rule, where }: Refusal): Attempted {
  const reason = where === undefined ? rule : `${rule} ${where}`;
  return isSuspension(code) ? { kind: "suspended", code, reason } : { kind: "refused", code, reason };
}
