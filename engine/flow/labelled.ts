import type { Channel, DestinationSpec } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import { beyond, type Beyond, labelSent } from "../phi/index.ts";
import type { Prepared } from "../queue/lane.ts";
import { codeOf } from "../sdk/index.ts";
import type { FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/**
 * Before any code sees a message: what it says of itself stays within what its channel may carry (phi.md 1.9 R1, 1.10), or the message waits for a person.
 * `undefined`: it does.
 */
export function labelled(work: Work, channel: Channel, spec: DestinationSpec, ports: FlowPorts): Prepared | undefined {
  let over: Beyond | undefined;
  try {
    over = beyond(work.found(ports.boundary), channel.classification);
  } catch (error) {
    const code = codeOf(error, "FLW-202");
    // What cannot be read is taken for the most it could be.
    if (labelSent(channel, spec).level === "phi") return { kind: "held", code };
    return { kind: "end", end: "refused", code: "PHI-207", reason: `unreadable ${code}` };
  }
  return over && { kind: "held", code: "PHI-213", reason: reasonOf(over, channel, ports) };
}

/** Words of the configuration alone, and the edit that would let the message pass. */
function reasonOf({ compartments, obligations, purposes, unknown }: Beyond, channel: Channel, ports: FlowPorts): string {
  const found = [...compartments, ...obligations, ...(purposes ? [`only for ${purposes.join(", ") || "no purpose"}`] : [])];
  const said = [...found, ...(unknown ? ["restricted in a way that no table knows; ask the sender for a code"] : [])].join(", ");
  const edit = editFor(compartments, obligations, channel, ports);
  return edit === undefined ? said : `${said}; admitted by: ${edit}`;
}

function editFor(compartments: readonly string[], obligations: readonly string[], { name, source, classification }: Channel, ports: FlowPorts): string | undefined {
  if (compartments.length + obligations.length === 0) return undefined;
  const ceiling = ports.partner(source.partner)?.ceiling ?? { compartments: [], obligations: [] };
  const all = (has: readonly string[], more: readonly string[]) => [...new Set([...has, ...more])].join(", ");
  const isNarrowed = obligations.length === 0 && compartments.every((each) => ceiling.compartments.includes(each));
  if (isNarrowed || isSelf(source.partner)) {
    return `channel ${name}: classification: { level: ${classification.level}, compartments: [${all(classification.compartments, compartments)}] }`;
  }
  const duties = obligations.length === 0 ? "" : `, obligations: [${all(ceiling.obligations, obligations)}]`;
  return `partners.yaml, ${source.partner}: ceiling: { compartments: [${all(ceiling.compartments, compartments)}]${duties} }`;
}
