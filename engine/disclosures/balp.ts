import { type Disclosure, Pairing } from "./disclosure.ts";
import type { PartnerNote } from "../store/ledger/notice.ts";
import type { Entry } from "./entries.ts";

const dcm = "http://dicom.nema.org/resources/ontology/DCM";
const participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const auditType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const auditRole = "http://terminology.hl7.org/CodeSystem/object-role";
const profile = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source";

/** 0 success, 4 minor failure: it was rejected; 8 serious failure: nobody knows. */
const outcomes = { disclosed: "0", rejected: "4", assumed: "8" } as const;

/**
 * Disclosures as FHIR R4 AuditEvents in the shape of IHE BALP `PrivacyDisclosure.Source`: one event for each patient, by keyed hash. The ledger
 * holds no query and no content, so neither do they. Times are ISO 8601; `to` is not included.
 */
export async function* auditEvents(entries: AsyncIterable<Entry>, { from, to }: { readonly from: string; readonly to: string }): AsyncGenerator<object> {
  const pairing = new Pairing();
  const known = { partners: new Map<string, PartnerNote>(), owner: "", ledger: "" };
  for await (const entry of entries) {
    for (const partner of entry.partners ?? []) known.partners.set(partner.name, partner);
    if (entry.kind === "begin") known.ledger = entry.ledger ?? "";
    if (entry.kind === "configuration") known.owner = entry.owner ?? known.owner;
    const disclosure = pairing.take(entry);
    if (disclosure) yield* eventsOf(disclosure, known, from, to);
  }
  for (const open of pairing.rest()) yield* eventsOf(open, known, from, to);
}

interface Known {
  readonly partners: ReadonlyMap<string, PartnerNote>;
  readonly owner: string;
  readonly ledger: string;
}

function* eventsOf(disclosure: Disclosure, known: Known, from: string, to: string): Generator<object> {
  const { intent, reach } = disclosure;
  if (reach === "not" || intent.inside === true || intent.at < from || intent.at >= to) return;
  // An event is about exactly one patient.
  const rows = intent.patients ?? [];
  for (const [i, row] of rows.entries()) yield eventOf(disclosure, known, row, i);
}

function eventOf(disclosure: Disclosure, { partners, owner, ledger }: Known, patient: NonNullable<Entry["patients"]>[number], row: number): object {
  const { intent, outcome, reach, agreement, basis, purpose } = disclosure;
  const recipient = partners.get(intent.partner ?? "");
  return {
    resourceType: "AuditEvent",
    id: `${ledger.slice(0, 12)}-${intent.n}-${row}`,
    meta: { profile: [profile] },
    type: { system: dcm, code: "110106", display: "Export" },
    subtype: [{ system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", code: "disclose", display: "Disclose Record Lifecycle Event" }],
    action: "R",
    recorded: outcome?.at ?? intent.at,
    outcome: outcome?.state === "rejected" ? outcomes.rejected : outcomes[reach === "assumed" ? "assumed" : "disclosed"],
    ...(purpose !== undefined && { purposeOfEvent: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: purpose }] }] }),
    agent: [
      {
        type: { coding: [{ system: dcm, code: "110153", display: "Source Role ID" }] }, who: { display: owner }, requestor: true, network: { address: `sluice:${intent.lane ?? intent.channel ?? ""}`, type: "5" },
        ...(agreement !== undefined && { policy: [`urn:sluice:agreement:${agreement}`] }),
      },
      {
        type: { coding: [{ system: dcm, code: "110152", display: "Destination Role ID" }] }, requestor: false, network: { address: `sluice:${intent.partner}/${intent.endpoint ?? "answer"}`, type: "5" },
        who: { identifier: { value: intent.partner }, display: recipient?.legalName ?? intent.partner },
      },
      { type: { coding: [{ system: participation, code: "CST", display: "custodian" }] }, who: { display: patient.owner }, requestor: false },
    ],
    source: { observer: { display: owner }, type: [{ system: "http://terminology.hl7.org/CodeSystem/security-source-type", code: "4", display: "Application Server" }] },
    entity: [
      { what: { identifier: { system: "urn:sluice:patient", value: patient.ids[0] } }, type: { system: auditType, code: "1", display: "Person" }, role: { system: auditRole, code: "1", display: "Patient" } },
      {
        what: { identifier: { system: "urn:sluice:message", value: `m${intent.message ?? 0}` } }, type: { system: auditType, code: "2", display: "System Object" }, role: { system: auditRole, code: "3", display: "Report" },
        ...(intent.type !== undefined && { description: intent.type }),
        detail: [
          { type: "ledger-line", valueString: `${intent.n}` },
          ...(basis === undefined ? [] : [{ type: "basis", valueString: basis }]),
          ...(intent.level === undefined ? [] : [{ type: "level", valueString: intent.level }]),
          ...(intent.fields === undefined ? [] : [{ type: "fields", valueString: intent.fields.join(" ") }]),
        ],
      },
    ],
  };
}
