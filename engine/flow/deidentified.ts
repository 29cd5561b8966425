import type { DestinationSpec } from "../config/project.ts";
import type { Refusal } from "../phi/boundary.ts";
import type { StepResult } from "../sandbox/sandbox.ts";
import type { Output } from "./guarded.ts";
import { mintOf } from "./mint.ts";
import type { ChannelRevision, FlowPorts } from "./ports.ts";
import { runWithStrikes } from "./transformed.ts";
import type { OutboundName, Work } from "./work.ts";

export type Deidentified = { readonly result: Exclude<StepResult, { readonly kind: "filtered" }>; readonly log: readonly string[] } | { readonly refusal: Refusal };

/** The engine's own step that lowers the class (phi.md 1.7), then the destination's code over what it gave. Without `deidentify` the output passes as it is. */
export async function deidentified(output: Output, work: Work, name: OutboundName, revision: ChannelRevision, spec: DestinationSpec, ports: FlowPorts): Promise<Deidentified> {
  const lowered = lower(output, work, revision, spec, ports);
  if ("refusal" in lowered) return lowered;
  return transformedAfter(lowered, work, name, revision, spec, ports);
}

/** By policy data alone, from what the transforms gave. */
export function lower(output: Output, work: Work, { channel }: ChannelRevision, spec: DestinationSpec, ports: FlowPorts): Output | { readonly refusal: Refusal } {
  if (!spec.deidentify) return output;
  const partner = ports.partner(spec.partner);
  if (!partner) return { refusal: { code: "PHI-202", rule: "partner", where: spec.partner } };
  const mint = ports.mint ?? mintOf(ports);
  return ports.boundary.deidentify({ ...output, channel, destination: spec, partner, raw: work.tree(), now: ports.clock.now(), mint });
}

/** In a realm that never saw the original, under the name that the partner knows the message by, at a time that says no more than its data. */
export async function transformedAfter(
  { format, text }: Output,
  work: Work,
  { id }: OutboundName,
  { program }: ChannelRevision,
  spec: DestinationSpec,
  ports: FlowPorts,
): Promise<Exclude<Deidentified, { readonly refusal: Refusal }>> {
  if (!spec.deidentify?.transform) return { result: { kind: "output", format, text }, log: [] };
  const input = { messageId: id, receivedAt: timeTold(spec, work.receivedAt), text, deidentifiedOf: { destination: spec.name, format } };
  const { results, log } = await runWithStrikes(program, input, ports);
  const [result] = results;
  return { result: result === undefined || result.kind === "filtered" ? { kind: "failed", code: "FLW-204" } : result, log };
}

/** Whether a destination may know when a message came. Beside dates that were moved, the true day would say by how many days. */
export function tellsTime({ deidentify }: Pick<DestinationSpec, "deidentify">): boolean {
  return !deidentify || deidentify.dates === "keep";
}

/** When a message came, as its destination may know it: the year alone where its dates are years or moved. */
export function timeTold(spec: Pick<DestinationSpec, "deidentify">, receivedAt: number): number {
  if (tellsTime(spec)) return receivedAt;
  return Date.UTC(new Date(receivedAt).getUTCFullYear(), 0, 1);
}
