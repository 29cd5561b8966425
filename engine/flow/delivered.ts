import type { Attempted } from "../queue/lane.ts";
import { type Code, codeOf, type Content, type Envelope } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { tellSomebody } from "./alerted.ts";
import { tellsTime, timeTold } from "./deidentified.ts";
import { aboutWhom } from "./disclosing.ts";
import { writtenIn } from "./guarded.ts";
import { leave } from "./leave.ts";
import { partnerResponse } from "./partner-response.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import { reported } from "./reported.ts";
import { type Member, together } from "./together.ts";
import type { Work } from "./work.ts";

/**
 * One attempt of a lane's head. The flow rule and the guard are asked again, with the partners and agreements of this moment; what they
 * release is the only thing that the engine's sockets take.
 */
export async function delivered(
  entry: Claimed,
  attempt: number,
  signal: AbortSignal,
  work: Work,
  revision: ChannelRevision,
  exit: Exit,
  ports: FlowPorts,
): Promise<Attempted> {
  const { alert } = exit.spec;
  if (alert) return tellSomebody(entry, attempt, signal, work, revision, exit, alert, ports);
  if (exit.spec.deidentify?.method === "aggregate") return deliveredTogether([entry], attempt, signal, [work], revision, exit, ports);
  const envelope = work.envelopes.get(entry.lane);
  if (!envelope) return { kind: "refused", code: "PHI-202", reason: "partner" };
  const outcome = await leave({ envelope, works: [work], entry, entries: [entry] }, attempt, signal, revision, exit, ports);
  return outcome.kind === "delivered" ? partnerResponse(outcome, exit.spec, work, entry.receivedAt, revision, ports) : outcome;
}

/** One attempt of several heads as one message, under an id that follows from its members: the guard reads all of it for the identifiers of each. */
export async function deliveredTogether(
  entries: readonly [Claimed, ...Claimed[]],
  attempt: number,
  signal: AbortSignal,
  works: readonly [Work, ...Work[]],
  revision: ChannelRevision,
  exit: Exit,
  ports: FlowPorts,
): Promise<Attempted> {
  const { channel } = revision;
  const { spec, connector } = exit;
  const [first] = entries;
  const members = works.flatMap((work): readonly Member[] => {
    const content = work.contents.get(first.lane);
    return content ? [{ content, charset: writtenIn(content, work, spec) }] : [];
  });
  if (members.length < works.length) return { kind: "refused", code: "PHI-202", reason: "partner" };
  const id = ports.opaqueId(`${first.lane} ${entries.map(numberOf).join(" ")}`, first.id);
  let envelope: Envelope;
  let exempt: readonly string[] = [id];
  try {
    const report = reported((spec.deidentify?.method === "aggregate" ? firstOfEach(members, works, channel, ports) : members).map(({ content }) => content), spec, first.receivedAt);
    if (report) exempt = [id, ...report.minted];
    const content: Content = report?.content ?? together(members, { id, ...(tellsTime(spec) && { at: first.receivedAt }), ...(channel.source.csv && { csv: channel.source.csv }) });
    envelope = connector.render({ id, channel: channel.name, destination: spec.name, content, sequence: first.again ?? first.id, receivedAt: timeTold(spec, first.receivedAt) });
  } catch (error) {
    const code: Code = codeOf(error, "FLW-204");
    return { kind: "refused", code, reason: "batch" };
  }
  const outcome = await leave({ envelope, works, exempt, entry: first, entries }, attempt, signal, revision, exit, ports);
  return outcome.kind === "delivered" ? partnerResponse(outcome, spec, works[0], first.receivedAt, revision, ports) : outcome;
}

/** Reports count people: the first message of each patient. One that names nobody counts for none. */
function firstOfEach(members: readonly Member[], works: readonly Work[], channel: ChannelRevision["channel"], ports: FlowPorts): readonly Member[] {
  const known = new Set<string>();
  return members.filter((_, at) => {
    const work = works[at];
    const ids = (work && aboutWhom(work, channel, ports).patients[0]?.ids) ?? [];
    const isNew = ids.length > 0 && !ids.some((id) => known.has(id));
    for (const id of ids) known.add(id);
    return isNew;
  });
}

/** A replay is another message to those who get it. */
function numberOf({ id, again }: Claimed): string {
  return again === undefined ? `${id}` : `${id}@${again}`;
}
