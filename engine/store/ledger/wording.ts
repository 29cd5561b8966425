import type { Disclosing, Patients } from "../../phi/disclosure.ts";
import type { Permit } from "../../phi/boundary.ts";
import type { Json, LedgerRecord, Notice } from "./notice.ts";

/** A keyed hash of one id of a patient, 32 hex digits. */
export type PatientHash = (owner: string, id: string) => string;

/** What is empty is not written: most labels are short. */
export function wordsOf(about: Omit<Disclosing, "endpoint" | "policies"> & Partial<Disclosing>, hash: PatientHash): LedgerRecord {
  const { labelIn, label, what } = about;
  return {
    bytes: about.bytes,
    endpoint: about.endpoint,
    fields: unlessEmpty(what.fields),
    inside: about.inside || undefined,
    level: label.level,
    levelIn: labelIn.level,
    compartments: unlessEmpty(label.compartments),
    obligations: unlessEmpty(label.obligations),
    method: label.method,
    owners: unlessEmpty(labelIn.owners),
    partner: about.partner,
    partnerHash: about.partnerHash,
    policies: unlessEmpty(about.policies),
    revision: about.revision,
    type: what.type === "" ? undefined : what.type,
    ...permitWords(about.permit),
    ...patientWords(about, hash),
  };
}

export function permitWords({ agreement, basis, purpose, breakGlass }: Permit): LedgerRecord {
  return { agreement, basis, purpose, breakGlass };
}

export function noticeWords(notice: Notice, hash: PatientHash): LedgerRecord {
  switch (notice.kind) {
    case "answer":
      return { kind: "answer", message: notice.message, channel: notice.channel, ...wordsOf(notice, hash) };
    case "ask":
      return { kind: "ask", channel: notice.channel, ...wordsOf(notice, hash) };
    case "access":
      return { kind: "access", message: notice.message, as: notice.as, purpose: notice.purpose, parts: unlessEmpty(notice.parts), ...actorWords(notice.actor) };
    case "query":
      return { kind: "query", what: notice.what, purpose: notice.purpose, partner: notice.partner, ...actorWords(notice.actor), ...(notice.patient && patientWords(notice.patient, hash)) };
    case "configuration":
      return { kind: "configuration", owner: notice.owner, egressMap: notice.egressMap, policies: unlessEmpty(notice.policies), partners: notice.partners as unknown as Json };
  }
}

function actorWords({ account, user }: { readonly account: number; readonly user?: string }): LedgerRecord {
  return { account, user };
}

function patientWords({ patients, more }: Patients, hash: PatientHash): LedgerRecord {
  const rows = patients.map(({ owner, ids }) => ({ owner, ids: ids.map((id) => hash(owner, id)) }));
  return { patients: unlessEmpty(rows), morePatients: more > 0 ? more : undefined };
}

function unlessEmpty<T extends Json>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

