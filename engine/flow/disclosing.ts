import type { Channel, DestinationSpec, Partner } from "../config/project.ts";
import { isSelf } from "../config/self.ts";
import { briefType, partnerHash } from "../phi/brief.ts";
import type { Permit } from "../phi/boundary.ts";
import type { Disclosing, Patients } from "../phi/disclosure.ts";
import { labelSent, policiesOf } from "../phi/index.ts";
import { everybody, patientsOf } from "../phi/patients.ts";
import type { Content, Envelope } from "../sdk/index.ts";
import type { ChannelRevision, Exit, FlowPorts } from "./ports.ts";
import type { Work } from "./work.ts";

/** What the ledger is told of a message before it leaves, apart from what lets it go. */
export interface About {
  readonly content: Pick<Content, "format"> & { readonly bytes: Uint8Array };
  readonly envelope: Envelope;
  /** MSH-9, of HL7 v2. */
  readonly type?: string;
  readonly policies?: readonly string[];
}

export function disclosingOf({ content, envelope, type, policies }: About, permit: Permit, work: Work, { channel }: ChannelRevision, { spec }: Pick<Exit, "spec">, ports: FlowPorts): Disclosing | undefined {
  const partner = ports.partner(spec.partner);
  if (!partner) return undefined;
  const { patients, more } = aboutWhom(work, channel, ports);
  // Written out: an object put together of others takes several times the memory.
  const told = {
    partner: partner.name,
    permit,
    partnerHash: partnerHash(partner),
    endpoint: envelope.endpoint,
    labelIn: channel.classification,
    label: labelSent(channel, spec),
    what: whatOf(content, type, work, spec),
    policies: policies ?? policiesOf(spec.deidentify),
    revision: channel.revision,
    bytes: content.bytes.length,
    patients,
    more,
  };
  return isSelf(partner.name) ? { ...told, inside: true } : told;
}

export function toward(partner: Partner, permit: Permit): Pick<Disclosing, "partner" | "permit" | "partnerHash" | "inside"> {
  return { partner: partner.name, permit, partnerHash: partnerHash(partner), ...(isSelf(partner.name) && { inside: true }) };
}

/** Whose patients: those of the owner for whom the source holds its data. */
export function aboutWhom(work: Work, channel: Channel, ports: Pick<FlowPorts, "partner">): Patients {
  const { format, patient } = channel.source;
  return (work.patients ??= everybody(ownersOf(channel, ports).map((owner) => patientsOf(work.tree(), format, owner, patient))));
}

/** What another channel handed over is its owners' still: the engine has no patients. */
export function ownersOf({ source, classification: { owners } }: Channel, ports: Pick<FlowPorts, "partner">): readonly string[] {
  const owner = ports.partner(source.partner)?.owner;
  if (isSelf(source.partner) && owners.length > 0) return owners;
  return [owner ?? owners[0] ?? ""];
}

function whatOf({ format, bytes }: About["content"], type: string | undefined, work: Work, { only }: DestinationSpec): Disclosing["what"] {
  const own = format === "hl7v2" ? type || undefined : format === "fhir" ? resourceType(bytes) : undefined;
  return { type: briefType(own ?? work.tree().type), ...(only && { fields: Object.keys(only) }) };
}

/** A resource says what it is near its beginning; elsewhere the message's own type stands for it. */
function resourceType(bytes: Uint8Array): string | undefined {
  return /"resourceType"\s*:\s*"([A-Za-z]{1,40})"/.exec(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString("latin1"))?.[1];
}
