import { isSuspension, labelSent } from "../phi/index.ts";
import type { Label, Permit, Refusal } from "../phi/boundary.ts";
import type { Attempted } from "../queue/lane.ts";
import { codeOf, EngineError, type Envelope, type Outcome } from "../sdk/index.ts";
import { timeTold } from "./deidentified.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Entry } from "../store/store.ts";
import type { Work } from "./work.ts";

/**
 * Nothing left, and nothing about the message is to blame: the channel that was to take a hand-off takes none now, or no token can be had. The lane
 * waits and asks again, and no attempt is spent, however long an identity provider is down.
 */
const waitsFor: ReadonlySet<string> = new Set(["RUN-120", "NET-215", "IDN-101", "IDN-102", "IDN-103", "IDN-104", "IDN-105"]);

const unknownPartner: Attempted = { kind: "refused", code: "PHI-202", reason: "partner" };

export interface Leaving {
  readonly envelope: Envelope;
  /** Whose contents are in it: it is read for the identifiers of each. */
  readonly works: readonly [Work, ...Work[]];
  /** Names of the engine's making, beside those of the messages. */
  readonly exempt?: readonly string[];
  /** The entry that stands for all of them. */
  readonly entry: Pick<Entry, "id" | "again" | "lane">;
  /** All of them, in the order of the works. */
  readonly entries: readonly Pick<Entry, "id" | "lane">[];
}

/** The last gate and the way out: what the guard does not release, with the partners and agreements of this moment, does not leave. */
export async function leave(leaving: Leaving, attempt: number, signal: AbortSignal, revision: ChannelRevision, exit: Exit, ports: FlowPorts): Promise<Attempted> {
  const { envelope, works, entry } = leaving;
  const { boundary } = ports;
  const calendar = ports.calendar ?? { now: () => ports.clock.now(), isTrusted: true, keep() {} };
  const label = labelSent(revision.channel, exit.spec);
  const edited = held(exit);
  if (edited) return edited;
  // What is owed since it was prepared is not in it: made anew, it is.
  const isOwing = works.some(({ discharged }) => label.obligations.some((each) => !discharged.get(entry.lane)?.includes(each)));
  if (isOwing) return refused({ code: "PHI-215", rule: "obligation", where: "since it was prepared" });
  // A wait for the link's rate may outlast an agreement, so nothing is asked before it.
  await exit.turn?.(signal);
  if (signal.aborted) return { kind: "unknown", code: "FLW-302" };
  const editedMeanwhile = held(exit);
  if (editedMeanwhile) return editedMeanwhile;
  const partnerNow = () => ports.partner(exit.spec.partner);
  const partner = partnerNow();
  if (!partner) return unknownPartner;
  if (!calendar.isTrusted && needsAgreement(label)) return refused({ code: "PHI-217", rule: "clock" });
  const asked = {
    envelope,
    label,
    destination: exit.spec,
    partner,
    now: calendar.now(),
    exempt: [...works.flatMap(({ ids }) => ids), ...(leaving.exempt ?? [])],
    minted: works.flatMap((work) => work.minted(timeTold(exit.spec, work.receivedAt))),
    owners: revision.channel.classification.owners,
    grant: ports.breakGlass?.grant(entry.lane),
  };
  const told = await intended(leaving, asked, ports);
  if (told) return told;
  const [first, ...others] = works;
  // Registry and emergency access may have changed while the ledger was written.
  const latest = partnerNow();
  if (!latest) return unknownPartner;
  const grant = ports.breakGlass?.grant(entry.lane);
  const verdict = boundary.release({ ...asked, partner: latest, partnerNow, now: calendar.now(), grant, harvest: first.harvest(boundary), others: others.map((work) => work.harvest(boundary)) });
  if ("refusal" in verdict) {
    if (verdict.refusal.code === "PHI-203") calendar.keep();
    // A batch stays as it is in the record, and so do the intents of its members.
    if (isSuspension(verdict.refusal.code) && !exit.spec.batch) for (const work of works) work.intents.delete(entry.lane);
    return refused(verdict.refusal);
  }
  const { permit } = verdict;
  const { breakGlass } = permit;
  if (breakGlass !== undefined && !ports.breakGlass?.spend(breakGlass, works.length)) return refused({ code: "PHI-216", rule: "messages" });
  let outcome: Outcome;
  try {
    outcome = await exit.send(verdict.released, attempt, signal, entry);
  } catch (error) {
    if (signal.aborted) return { kind: "unknown", code: "FLW-302" };
    // A connector that throws may have sent: the entry is tried again as a possible duplicate.
    return { kind: "unknown", code: codeOf(error, "FLW-301") };
  }
  return outcome.kind === "retry" && waitsFor.has(outcome.code) ? { kind: "suspended", code: outcome.code } : { ...outcome, ...otherPermit(first.intents.get(entry.lane), permit) };
}

/**
 * Before anything leaves, the ledger holds what lets it go: what was withheld, or filled by another run of the engine that knew no ledger, gets an intent
 * of its own. Where the ledger cannot be written nothing leaves, and no attempt is spent.
 */
async function intended({ works, entries }: Leaving, asked: Parameters<FlowPorts["boundary"]["permits"]>[0], { boundary, store }: FlowPorts): Promise<Attempted | undefined> {
  const missing = works.flatMap((work, i) => {
    const entry = entries[i];
    return entry === undefined || work.intents.has(entry.lane) ? [] : [{ work, entry }];
  });
  if (missing.length === 0) return undefined;
  const verdict = boundary.permits(asked);
  if ("refusal" in verdict) return refused(verdict.refusal);
  try {
    await Promise.all(
      missing.map(async ({ work, entry: { lane, id } }) => {
        const disclosing = work.disclosing.get(lane)?.(verdict.permit);
        if (!disclosing) throw new EngineError("FLW-202");
        await store.intend(lane, id, disclosing);
        work.intents.set(lane, verdict.permit);
      }),
    );
    return undefined;
  } catch (error) {
    return { kind: "suspended", code: codeOf(error, "FLW-202") };
  }
}

/** What the outcome names where it is not what the intent said. */
function otherPermit(intent: Permit | undefined, permit: Permit): { readonly permit?: Permit } {
  const same = intent && intent.agreement === permit.agreement && intent.breakGlass === permit.breakGlass;
  return same || (permit.agreement === undefined && permit.breakGlass === undefined) ? {} : { permit };
}

/** What says nothing about a person leaves under no agreement, so no date decides on it. */
export function needsAgreement({ level, compartments }: Label): boolean {
  return level !== "none" || compartments.length > 0;
}

/** The channel may be edited between preparing and sending, and while the link is waited for. */
function held({ tightened }: Exit): Attempted | undefined {
  const reason = tightened?.();
  return reason === undefined ? undefined : { kind: "held", code: "FLW-206", reason };
}

function refused({ code, rule, where }: Refusal): Attempted {
  const reason = where === undefined ? rule : `${rule} ${where}`;
  return isSuspension(code) ? { kind: "suspended", code, reason } : { kind: "refused", code, reason };
}
