// A claim as our billing application writes it. Amounts are cents, dates ISO 8601.

import type { Address, Person } from "./x12-parties.ts";

export interface Insured extends Person {
  readonly member: string;
  readonly birthDate: string;
  readonly sex: "F" | "M" | "U";
  readonly address: Address;
}

export interface Line {
  /** HCPCS. */
  readonly code: string;
  readonly modifiers?: readonly string[];
  readonly charge: number;
  readonly units: number;
  readonly date: string;
  /** Of an institutional claim. */
  readonly revenue?: string;
}

export interface Claim {
  /** 4 to 9 letters and digits, never given twice: the payer quotes it in every answer (CLM01), and a 999 as well (ST02). */
  readonly claim: string;
  readonly type: "professional" | "institutional";
  /** The payer's number of the claim that this one replaces. */
  readonly replaces?: string;
  readonly payer: { readonly id: string; readonly name: string };
  readonly billing: { readonly name: string; readonly npi: string; readonly taxId: string; readonly address: Address };
  /** Who has treated the patient; attending where the claim is institutional. */
  readonly provider: Person & { readonly npi: string };
  readonly subscriber: Insured;
  /** Where the patient is not the subscriber: the relationship (PAT01) and who it is. */
  readonly patient?: Omit<Insured, "member"> & { readonly relationship: string };
  /** ICD-10-CM, the principal one first. */
  readonly diagnoses: readonly string[];
  /** Place of service; type of bill, two digits, where the claim is institutional. */
  readonly place: string;
  /** Of an institutional claim: CL101 to CL103. */
  readonly admission?: { readonly type: string; readonly source: string; readonly status: string };
  readonly lines: readonly Line[];
}
