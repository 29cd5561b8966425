import type { Disclosing, Patients } from "../../phi/disclosure.ts";

/** Who did it, where it was no channel: the account on this machine, until identity brings people. */
export interface Actor {
  readonly account: number;
  readonly user?: string;
}

/** What an agreement said, for who reads the ledger without the project. */
export interface AgreementNote {
  readonly id: string;
  readonly basis: string;
  readonly levels: readonly string[];
  readonly compartments: readonly string[];
  readonly purposes: readonly string[];
  readonly owners: readonly string[];
  readonly effective: string;
  readonly expires?: string;
  readonly terminated?: string;
  readonly timezone: string;
  readonly document?: string;
}

export interface PartnerNote {
  readonly name: string;
  readonly hash: string;
  readonly kind: string;
  readonly legalName?: string;
  readonly address?: string;
  readonly agreements: readonly AgreementNote[];
}

/** What is kept in the ledger beside messages on their way. */
export type Notice =
  /** A source was given a partner's answer. */
  | ({ readonly kind: "answer"; readonly message: number; readonly channel: string } & Omit<Disclosing, "endpoint" | "policies">)
  /** A source asked its partner (`SourceContext.ask`). */
  | ({ readonly kind: "ask"; readonly channel: string } & Omit<Disclosing, "policies">)
  /** A person saw or took contents in the clear. */
  | { readonly kind: "access"; readonly message: number; readonly as: "show" | "export" | "compare"; readonly purpose: string; readonly parts: readonly string[]; readonly actor: Actor }
  /** Somebody asked the ledger itself. */
  | { readonly kind: "query"; readonly what: "patient" | "partner" | "export"; readonly purpose: string; readonly actor: Actor; readonly partner?: string; readonly patient?: Patients }
  /** Partners, agreements and policies that hold from now on. */
  | { readonly kind: "configuration"; readonly owner: string; readonly egressMap: string; readonly policies: readonly string[]; readonly partners: readonly PartnerNote[] };

/** Values of a record: no number but integers, so that every language writes them alike. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A record of the ledger as it is written; the keys of a notice, hashed where they name a patient. */
export type LedgerRecord = { readonly [key: string]: Json | undefined };
