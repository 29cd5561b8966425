import type { Household, Person } from "./persons.ts";

export type Kind = "name" | "birth date" | "date" | "mrn" | "account" | "visit" | "member" | "ssn" | "phone" | "e-mail" | "street" | "zip" | "employer";

/** One identifier that stands in a message, with the words it is made of. The sinks know the same list, and nothing else of the message. */
export interface Planted {
  readonly kind: Kind;
  readonly role: "patient" | "relative" | "guarantor" | "insured" | "employer";
  /** As it is written in the message; of a name, given and family apart. */
  readonly value: string;
  readonly given?: string;
  readonly family?: string;
  readonly middle?: string;
}

/** What of a household stands in a message of each format (`messages.ts` writes the same). */
export function plantedOf(home: Household): Planted[] {
  const found: Planted[] = [];
  const add = (role: Planted["role"], kind: Kind, value: string) => found.push({ role, kind, value });
  const person = (role: Planted["role"], who: Person, kinds: string) => {
    found.push({ role, kind: "name", value: `${who.given} ${who.family}`, given: who.given, family: who.family, middle: who.middle });
    if (kinds.includes("b")) add(role, "birth date", who.birth);
    if (kinds.includes("p")) add(role, "phone", who.phone);
    if (kinds.includes("e")) add(role, "e-mail", who.email);
    if (kinds.includes("s")) add(role, "street", who.street);
    if (kinds.includes("z")) add(role, "zip", who.zip);
  };
  person("patient", home.patient, "bpesz");
  add("patient", "mrn", home.mrn);
  add("patient", "account", home.account);
  add("patient", "visit", home.visit);
  add("patient", "ssn", home.ssn);
  add("patient", "date", home.admitted);
  if (home.died !== home.admitted) add("patient", "date", home.died);
  person("relative", home.relative, "psz");
  person("guarantor", home.guarantor, "bps");
  add("guarantor", "ssn", home.guarantorSsn);
  person("insured", home.insured, "bs");
  add("insured", "member", home.member);
  add("employer", "employer", home.employer);
  return found;
}
