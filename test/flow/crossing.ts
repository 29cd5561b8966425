import { freePorts } from "../ledger/engine-project.ts";
import { answer, MllpPartner } from "./mllp-partner.ts";
import { oru, partnersYaml, sluiceYaml } from "./small-project.ts";

export const storages = ["all", "raw", "metadata"] as const;
export const acks = ["stored", "processed", "delivered", "respond"] as const;
export const queues = ["always", "on-failure", "none"] as const;

/** One cell of the crossing: a channel with an order of its own. */
export interface Cell {
  readonly name: string;
  readonly storage: (typeof storages)[number];
  readonly ack: (typeof acks)[number];
  readonly queue: (typeof queues)[number];
  readonly port: number;
}

/** What a message is meant to meet: the partner takes it; fails first; says no; its transform fails. */
export type Fate = "ok" | "flaky" | "no" | "bad";

export async function cells(): Promise<readonly Cell[]> {
  const ports = await freePorts(storages.length * acks.length * queues.length);
  return storages.flatMap((storage) =>
    acks.flatMap((ack) => queues.map((queue) => ({ name: `${storage}-${ack}-${queue}`, storage, ack, queue, port: ports.shift() ?? 0 }))),
  );
}

const answers = (within: string) => ({
  stored: "ack: stored", processed: `ack: processed\n  within: ${within}`, delivered: `ack: delivered\n  within: ${within}`, respond: `respond: { from: ward, within: ${within} }`,
});

/** `edit` makes another revision: other code, and a lane that is replaced. */
export function channelFile({ name, storage, ack, queue, port }: Cell, within: string, edit = 0): string {
  return `channel: ${name}
summary: revision ${edit}
classification: phi
keep: { storage: ${storage} }
source:
  partner: lab
  mllp: { port: ${port} }
  ${answers(within)[ack]}
destinations:
  ward:
    partner: ward
    purpose: TREAT
    transform: |
      if (msg.get("PID-5.1") === "BAD") throw new Error("${edit}");
      msg.set("MSH-3", "REV${edit}");
    mllp: { timeout: 20s }
    queue: ${queue}
    retry: { initial: 10ms, max: ${40 + edit}ms }
`;
}

/** `within`: how long a source waits; so long that a busy machine does not come to it, where a test is not about the deadline. */
export function projectFiles(table: readonly Cell[], wardPort: number, within = "40s"): Record<string, string> {
  const ports = { source: 0, ehr: 1, ward: wardPort };
  return {
    "sluice.yaml": sluiceYaml.replace("sandbox: {", "sandbox: { walls: reduced,"),
    "partners.yaml": partnersYaml(ports),
    ...Object.fromEntries(table.map((cell) => [`${cell.name}.yaml`, channelFile(cell, within)])),
  };
}

export const idOf = (cell: Cell, number: number, fate: Fate) => `${cell.name}.${number}.${fate}`;
export const messageOf = (cell: Cell, number: number, fate: Fate) => oru(idOf(cell, number, fate), fate === "bad" ? "BAD" : "EXEMPLAR");

/** A ward that does with a message what its fate says. */
export function fatefulWard(): MllpPartner {
  const partner = new MllpPartner();
  partner.move = (id) => {
    if (id.endsWith(".no")) return answer("AR", id);
    if (id.endsWith(".flaky") && partner.arrived.filter((other) => other === id).length === 1) return answer("AE", id);
    return answer("AA", id);
  };
  return partner;
}

/** The answer that is right for a message that has come to this end. Written apart from the engine's own table: that is its use. */
export function rightAck({ ack, queue }: Cell, fate: Fate, end: string): "AA" | "AE" | "AR" {
  const waitsForEnd = ack === "delivered" || ack === "respond";
  if (end === "delivered") return "AA";
  if (fate === "bad") return ack === "stored" && queue !== "on-failure" ? "AA" : "AE";
  if (fate === "no") {
    // What the partner itself said goes to the source where it is answered from there.
    if (ack === "respond") return "AR";
    return waitsForEnd || queue === "on-failure" ? "AE" : "AA";
  }
  return waitsForEnd ? "AE" : "AA";
}

/** The end that a message must come to when the partner is there. */
export function rightEnd({ queue }: Cell, fate: Fate): string {
  if (fate === "bad") return "dead";
  if (fate === "no") return "rejected";
  return fate === "flaky" && queue === "none" ? "dead" : "delivered";
}
