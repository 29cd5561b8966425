import type { Disclosing, Patients } from "../../phi/disclosure.ts";
import type { Json, LedgerRecord, Notice } from "./notice.ts";

/** A keyed hash of one id of a patient, 32 hex digits. */
export type PatientHash = (owner: string, id: string) => string;

/** What stands before the words of a disclosure in its line. */
export type Head = Readonly<Record<"kind" | "at", string>> & { readonly lane?: string; readonly message?: number; readonly channel?: string };

/** What is empty is not written: most labels are short. Keys stand in their order in canonical JSON, and need not be put into it. */
export function wordsOf(head: Head, about: Omit<Disclosing, "endpoint" | "policies"> & Partial<Disclosing>, hash: PatientHash): LedgerRecord {
  const { labelIn, label, what, permit } = about;
  const { patients, morePatients } = patientWords(about, hash);
  return {
    agreement: permit.agreement,
    at: head.at,
    basis: permit.basis,
    breakGlass: permit.breakGlass,
    bytes: about.bytes,
    channel: head.channel,
    compartments: unlessEmpty(label.compartments),
    endpoint: about.endpoint,
    fields: unlessEmpty(what.fields),
    inside: about.inside || undefined,
    kind: head.kind,
    lane: head.lane,
    level: label.level,
    levelIn: labelIn.level,
    message: head.message,
    method: label.method,
    morePatients,
    obligations: unlessEmpty(label.obligations),
    owners: unlessEmpty(labelIn.owners),
    partner: about.partner,
    partnerHash: about.partnerHash,
    patients,
    policies: unlessEmpty(about.policies),
    purpose: permit.purpose,
    revision: about.revision,
    type: what.type === "" ? undefined : what.type,
  };
}

export function noticeWords(at: string, notice: Notice, hash: PatientHash): LedgerRecord {
  switch (notice.kind) {
    case "answer":
      return wordsOf({ kind: "answer", at, message: notice.message, channel: notice.channel }, notice, hash);
    case "ask":
      return wordsOf({ kind: "ask", at, channel: notice.channel }, notice, hash);
    case "access":
      return { at, kind: "access", message: notice.message, as: notice.as, purpose: notice.purpose, parts: unlessEmpty(notice.parts), ...actorWords(notice.actor) };
    case "query":
      return { at, kind: "query", what: notice.what, purpose: notice.purpose, partner: notice.partner, ...actorWords(notice.actor), ...(notice.patient && patientWords(notice.patient, hash)) };
    case "configuration":
      return { at, kind: "configuration", owner: notice.owner, egressMap: notice.egressMap, policies: unlessEmpty(notice.policies), partners: notice.partners as unknown as Json };
  }
}

function actorWords({ account, user }: { readonly account: number; readonly user?: string }): LedgerRecord {
  return { account, user };
}

function patientWords({ patients, more }: Patients, hash: PatientHash): { readonly patients: LedgerRecord["patients"]; readonly morePatients: number | undefined } {
  const rows = patients.map(({ owner, ids }) => ({ ids: ids.map((id) => hash(owner, id)), owner }));
  return { patients: unlessEmpty(rows), morePatients: more > 0 ? more : undefined };
}

function unlessEmpty<T extends Json>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

