// Who we are toward the clearinghouse, and who it is: yours stand in the enrolment form.

export const us = { qualifier: "ZZ", id: "VISITSCLINIC", name: "VISITS CLINIC", contact: "BILLING DESK", phone: "5555550100" };
export const clearinghouse = { qualifier: "ZZ", id: "EXAMPLEHOUSE", name: "EXAMPLE CLEARINGHOUSE" };

export type Segment = readonly [string, ...(string | number | null | readonly (string | number | null)[])[]];

export interface Meta {
  readonly number: number;
  readonly receivedAt: number;
}

export interface Tools {
  buildX12(options: object): string;
}

interface Transaction {
  /** ST01 and ST03. */
  readonly id: string;
  readonly convention: string;
  /** GS01. */
  readonly group: string;
  /** ST02, 4 to 9 letters and digits. */
  readonly control: string;
  readonly segments: readonly Segment[];
}

/** One transaction set in an interchange of its own. The number of the message is its control number: it is never given twice. */
export function interchange({ id, convention, group, control, segments }: Transaction, { number, receivedAt }: Meta, { buildX12 }: Tools): string {
  return buildX12({
    sender: { qualifier: us.qualifier, id: us.id },
    receiver: { qualifier: clearinghouse.qualifier, id: clearinghouse.id },
    controlNumber: number,
    now: receivedAt,
    lineEnd: "\n",
    groups: [{ id: group, sender: us.id, receiver: clearinghouse.id, controlNumber: number, convention, sets: [{ id, controlNumber: control, convention, segments }] }],
  });
}

/** `20260301` and `1415`, of a moment in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
}

export function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16).replace(":", "");
}

/** `1964-02-29` as X12 writes it. */
export function day(date: string): string {
  return date.replaceAll("-", "");
}

/** Cents as dollars. */
export function money(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError("an amount is a whole number of cents");
  const sign = cents < 0 ? "-" : "";
  const of = Math.abs(cents);
  return `${sign}${Math.floor(of / 100)}${of % 100 === 0 ? "" : `.${String(of % 100).padStart(2, "0")}`}`;
}

/** Dollars as cents, to the cent. */
export function cents(text: string): number {
  const [, sign, whole = "0", part = ""] = /^(-?)(\d{0,13})(?:\.(\d{0,2})0*)?$/.exec(text.trim()) ?? [];
  if (sign === undefined) throw new RangeError("not an amount");
  return (sign === "-" ? -1 : 1) * (Number(whole || "0") * 100 + Number(part.padEnd(2, "0")));
}

export interface Person {
  readonly last: string;
  readonly first: string;
}

export interface Address {
  readonly line: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
}

/** NM1 of a person. */
export function person(code: string, { last, first }: Person, qualifier: string | null = null, id: string | null = null): Segment {
  return ["NM1", code, "1", last, first, null, null, null, qualifier, id];
}

/** NM1 of an organisation. */
export function organisation(code: string, name: string, qualifier: string, id: string): Segment {
  return ["NM1", code, "2", name, null, null, null, null, qualifier, id];
}

export function address({ line, city, state, zip }: Address): readonly Segment[] {
  return [["N3", line], ["N4", city, state, zip]];
}
