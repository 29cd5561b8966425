import { readTree } from "../codec/index.ts";
import type { Channel, Partner } from "../config/project.ts";
import { briefType } from "../phi/brief.ts";
import type { Label, Permit } from "../phi/boundary.ts";
import type { Patients } from "../phi/disclosure.ts";
import { everybody, patientsOf } from "../phi/patients.ts";
import type { Content } from "../sdk/index.ts";
import { treeOf } from "./answer-guard.ts";
import { toward } from "./disclosing.ts";
import type { FlowPorts } from "./ports.ts";

export interface Answered {
  readonly id: number;
  /** The source's message: its patients may be in the answer by name of no id. */
  readonly text: string | undefined;
  readonly response: Content;
  readonly source: Partner;
  readonly label: Label;
  readonly permit: Permit;
}

/** A source that gets a partner's answer gets data: the ledger holds it before it is given. */
export function answered({ id, text, response, source, label, permit }: Answered, channel: Channel, ports: FlowPorts): Promise<void> {
  return ports.store.disclose({
    kind: "answer", message: id, channel: channel.name, ...toward(source, permit), labelIn: label, label, what: { type: briefType(typeOf(response)) }, revision: channel.revision,
    bytes: response.bytes.length, ...whom({ text, response, source }, channel),
  });
}

/** Patients of the question and of the answer, which may be others: a search by name finds several. */
function whom({ text, response, source: { owner } }: Pick<Answered, "text" | "response" | "source">, channel: Channel): Patients {
  const { source } = channel;
  const asked = () => (text === undefined ? nobody : patientsOf(readTree(source.format, text, source.csv), source.format, owner, source.patient));
  const given = () => {
    const { tree, format } = treeOf(response);
    return everybody([...new Set([owner, ...channel.classification.owners])].map((each) => patientsOf(tree, format, each)));
  };
  return everybody([known(asked), known(given)]);
}

const nobody: Patients = { patients: [], more: 0 };

function known(patients: () => Patients): Patients {
  try {
    return patients();
  } catch {
    return nobody;
  }
}

function typeOf({ format, bytes }: Content): string {
  try {
    return readTree(format, Buffer.from(bytes).toString("utf8")).type;
  } catch {
    return "";
  }
}
