import { decode, encode } from "../codec/bytes/index.ts";
import type { DestinationSpec } from "../config/project.ts";
import type { Attempted } from "../queue/lane.ts";
import { answering, labelOfReply } from "../phi/index.ts";
import { codeOf, type Outcome } from "../sdk/index.ts";
import { isBeyond } from "./answer-guard.ts";
import type { ChannelRevision, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

type Delivered = Extract<Outcome, { kind: "delivered" }>;

/**
 * What is kept of a partner's answer and given to the source: the answer itself, read as the format that `response` names, or what its transform
 * makes of it. The message has been delivered whatever becomes of the answer: a transform that fails leaves the answer as it came, with its
 * code and place in the record.
 */
export async function partnerResponse(
  outcome: Delivered,
  spec: DestinationSpec,
  work: Work,
  receivedAt: number,
  revision: ChannelRevision,
  ports: FlowPorts,
): Promise<Attempted> {
  if (!spec.response || !outcome.response || outcome.response.bytes.length === 0) return outcome;
  const { format, transform } = spec.response;
  const response = { format, bytes: outcome.response.bytes };
  if (!transform) return { ...outcome, response };
  // Code could take away what the answer says of itself; as it came, it is withheld from the source (PHI-219).
  const { channel } = revision;
  const label = answering(channel).some(({ name }) => name === spec.name) ? labelOfReply(channel, ports.partner) : undefined;
  if (label && isBeyond(response, label, ports.boundary)) return { ...outcome, response, code: "PHI-219" };
  try {
    const { text, charset } = decode(response.bytes, { format });
    const { results } = await ports.sandbox.run(revision.program, { messageId: work.idFor("message", ports), number: work.message, receivedAt, text, responseOf: spec.name });
    const result = results[0];
    if (result?.kind === "output") return { ...outcome, response: { format: result.format, bytes: encode(result.text, result.format === "hl7v2" ? charset : "utf-8") } };
    const at = result?.at;
    return { ...outcome, code: result?.kind === "failed" ? result.code : "FLW-315", ...(at ? { reason: `${at.file}:${at.line}:${at.column}` } : {}) };
  } catch (error) {
    return { ...outcome, code: codeOf(error, "FLW-315") };
  }
}
