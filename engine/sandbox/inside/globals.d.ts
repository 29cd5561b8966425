/**
 * What the code of a filter or transform finds in scope, for editors and type checks of projects: `sluice init` and `sluice schema --write`
 * put this file there as it is, so it imports nothing. A code file exports its function, and gets the same helpers as its third argument, so that
 * it can be tested outside the engine:
 *
 *     export default function toWard(msg: Hl7Message, meta: Meta, { lookup }: Tools) {
 *       msg.set("PV1-3.1", lookup("wards", msg.get("PV1-3.1") ?? "", "UNKNOWN") ?? "");
 *     }
 */

/** An HL7 v2 message. Paths name segment, field, component: `PID-5.1`, `PID-3[2].4`, `OBX[3]-5`. */
interface Hl7Message {
  /** `ORU^R01` */
  readonly type: string;
  /** MSH-10 */
  readonly controlId: string;
  /** MSH-12.1 */
  readonly version: string;
  readonly segments: Hl7Segment[];
  /** The decoded value: `""` when it is absent or empty, `null` for HL7 null (`""` on the wire). */
  get(path: string): string | null;
  /** The raw text of the very piece named: `PID-5` is the whole field with its repetitions. */
  getRaw(path: string): string;
  presence(path: string): "absent" | "empty" | "null" | "value";
  /** Writes a value, escaped; the segment must be there. */
  set(path: string, value: string | number | null): this;
  /** Writes raw text to the very piece named; refuses what would break out of it. */
  setRaw(path: string, raw: string): this;
  /** All values at a path, over segments and repetitions it does not single out; empty ones are left out. */
  values(path: string): readonly string[];
  /** All segments of a name. */
  all(name: string): Hl7Segment[];
  /** Adds a segment by its name or raw text, after the one given (`"OBX[2]"`), else at the end. */
  addSegment(text: string, after?: Hl7Segment | string): Hl7Segment;
  /** Says whether it was there. */
  removeSegment(which: Hl7Segment | string): boolean;
  toString(): string;
}

/** One segment; paths are relative to it: `5.1`, `3[2].4`. */
interface Hl7Segment {
  readonly name: string;
  /** Which of the segments of this name it is, from 1. */
  readonly index: number;
  get(path: string | number): string | null;
  getRaw(path: string | number): string;
  presence(path: string | number): "absent" | "empty" | "null" | "value";
  set(path: string | number, value: string | number | null): this;
  setRaw(path: string | number, raw: string): this;
  toString(): string;
}

/** Delimited text. A column is named by the header, else by its number from 1: `mrn`, `3`; `mrn[2]` is that of the second record. */
interface CsvMessage {
  readonly columns: readonly string[];
  /** Records, without the header. */
  readonly length: number;
  get(path: string | number): string;
  set(path: string | number, value: string | number): this;
  values(path: string): readonly string[];
  all(): CsvRow[];
  toString(): string;
}

interface CsvRow {
  get(column: string | number): string;
  set(column: string | number, value: string | number): this;
}

/** An XML document. Paths name elements and attributes: `/order/item[2]/@code`. */
interface XmlMessage {
  /** Name of the root element. */
  readonly type: string;
  get(path: string): string;
  set(path: string, value: string | number): this;
  values(path: string): readonly string[];
  all(path: string): XmlElement[];
  toString(): string;
}

/**
 * NCPDP SCRIPT. Paths name elements, wherever they begin and with or without a namespace (`NewRx/Patient/HumanPatient/Name/LastName`), or are short
 * names (`patient.name.last`). What is signed can be read, and a change of it throws.
 */
interface ScriptMessage extends XmlMessage {
  /** `NewRx`, `RxRenewalRequest`, `Status` */
  readonly type: string;
  /** Header/MessageID */
  readonly controlId: string;
  /** As the message says it: `2017071`, `20170715`. */
  readonly version: string;
  readonly isSigned: boolean;
}

interface XmlElement {
  get(path?: string): string;
  set(path: string, value: string | number): this;
  setText(value: string | number): this;
  all(path: string): XmlElement[];
}

/**
 * iCalendar. Paths name components, properties and parameters: `VEVENT/DTSTART`, `VEVENT[2]/ATTENDEE[1];PARTSTAT`, `VCALENDAR/METHOD`,
 * `VEVENT/CATEGORIES.2` for one of a list. Text is without its escapes; dates and other types are as they stand.
 */
interface IcalMessage {
  /** METHOD (`REQUEST`), else the name of the first component that is no time zone. */
  readonly type: string;
  /** UID, when the message is about a single one. */
  readonly controlId: string | undefined;
  /** The first value; `""` when there is none. */
  get(path: string): string;
  /** Writes one value; a property or parameter that is not there is added to its component. */
  set(path: string, value: string | number): this;
  /** All values at a path, over everything that it does not single out; empty ones are left out. */
  values(path: string): readonly string[];
  /** Components: `VEVENT`, `VEVENT[2]/VALARM`. */
  all(path: string): IcalComponent[];
  /** Takes out a property or a parameter; says how many there were. */
  remove(path: string): number;
  removeComponent(path: string): boolean;
  toString(): string;
}

/** One component; paths are relative to it: `DTSTART`, `ATTENDEE[2];CN`, `VALARM/TRIGGER`. */
interface IcalComponent {
  readonly name: string;
  get(path: string): string;
  set(path: string, value: string | number): this;
  values(path: string): readonly string[];
  all(path: string): IcalComponent[];
  remove(path: string): number;
  /** Adds a property behind the others: `add("ATTENDEE", "mailto:a@example.org", { PARTSTAT: "ACCEPTED" })`. */
  add(name: string, value: string | number | readonly (string | number)[], parameters?: Readonly<Record<string, string | readonly string[]>>): this;
  addComponent(name: string): IcalComponent;
  toString(): string;
}

/**
 * ASC X12, from ISA to IEA. Paths name segment, element (two digits) and component: `CLM05-1`, the second NM1 `NM1[2]03`, a repetition `EB03[2]`, the
 * REF whose first element is EI `REF(EI)02`; in front of it loops and envelopes: `2010BA/NM103`, `ST[2]/2300[3]/CLM01`.
 */
interface X12Message {
  /** ST01 and the convention, `837 005010X222A1`; `TA1`. Several are joined by `+`. */
  readonly type: string;
  /** ISA13 */
  readonly controlId: string;
  /** `""` when absent or empty. `CLM05` is `CLM05-1`. */
  get(path: string): string;
  /** The very text: `CLM05` with its components, `EB03` with its repetitions. */
  getRaw(path: string): string;
  /** Throws for a value that holds a delimiter: X12 has no escape for one. `null` empties the place. */
  set(path: string, value: string | number | null): this;
  setRaw(path: string, raw: string): this;
  values(path: string): readonly string[];
  /** `NM1`, `2300/REF`, `REF(EI)`. */
  all(path: string): X12Segment[];
  /** Paths of the loops at `2300` or `2000B[2]/2300`, each to go on from: `msg.get(loop + "/CLM01")`. */
  loops(path: string): string[];
  readonly segments: X12Segment[];
  /** Without its terminator, behind another: `addSegment("REF*D9*17", "2300/CLM")`. */
  addSegment(text: string, after: string): this;
  removeSegment(path: string): boolean;
  /** Writes SE01, GE01 and IEA01 as they are after segments were added or removed. */
  recount(): this;
  toString(): string;
}

/** One segment; paths are of its elements: `3`, `05-1`, `03[2]`. */
interface X12Segment {
  readonly id: string;
  get(path: string | number): string;
  getRaw(path: string | number): string;
  set(path: string | number, value: string | number | null): this;
  setRaw(path: string | number, raw: string): this;
  toString(): string;
}

/** What an element says: a value, `null` for nothing, components as a list, or repetitions. */
type X12Value = string | number | null | readonly (string | number | null)[] | { readonly repeat: readonly (string | number | null | readonly (string | number | null)[])[] };

/** An interchange to build. Control numbers are yours; counts come by themselves. */
interface X12Interchange {
  /** ISA05 and ISA06, ISA07 and ISA08. */
  readonly sender: { readonly qualifier: string; readonly id: string };
  readonly receiver: { readonly qualifier: string; readonly id: string };
  readonly controlNumber: number;
  /** Milliseconds since 1970: `Date.now()` */
  readonly now: number;
  /** ISA12; default 00501. */
  readonly version?: string;
  readonly wantsTa1?: boolean;
  readonly usage?: "P" | "T" | "I";
  readonly delimiters?: { readonly element: string; readonly component: string; readonly repetition: string; readonly segment: string };
  readonly lineEnd?: "" | "\n" | "\r\n";
  readonly groups: readonly {
    /** GS01: `HC`. */
    readonly id: string;
    readonly sender: string;
    readonly receiver: string;
    readonly controlNumber: number;
    /** GS08: `005010X222A1`. */
    readonly convention: string;
    /** `segments` stand between ST and SE: `["REF", "EI", "123456789"]`. */
    readonly sets: readonly { readonly id: string; readonly controlNumber?: string; readonly convention?: string; readonly segments: readonly (readonly [id: string, ...elements: X12Value[]])[] }[];
  }[];
}

interface TextMessage {
  text: string;
  toString(): string;
}

/** What `msg` is, by the format of the source. `json` and `fhir`: the object itself. */
interface Messages {
  readonly hl7v2: Hl7Message;
  readonly csv: CsvMessage;
  readonly xml: XmlMessage;
  readonly script: ScriptMessage;
  readonly ical: IcalMessage;
  readonly x12: X12Message;
  readonly text: TextMessage;
}

interface Meta {
  /** Id that the engine gave the message. */
  readonly id: string;
  /** The engine's number of the message: from 1, one more for each message of the engine, and never given twice. For control numbers. */
  readonly number: number;
  readonly channel: string;
  /** Absent in the channel's own filter and transform. */
  readonly destination?: string;
  /** Milliseconds since 1970; also what `Date.now()` says. */
  readonly receivedAt: number;
  /** In a channel with `case:`, how the case of the message stands: the state that it brings and the one before; `matched` is false where its case was not known. */
  readonly case?: { readonly matched: boolean; readonly state?: string; readonly previous?: string };
}

/** What a channel adjusts of the maps; the same as beside `map: hl7v2-to-fhir` in YAML. */
interface MapOptions {
  /** A partner whose known options stand where none are stated here. */
  readonly like?: "reportstream";
  readonly message?: string;
  /** Default `message`. */
  readonly bundle?: "message" | "transaction" | "collection";
  readonly drop?: readonly string[];
  readonly rows?: Readonly<Record<string, readonly { readonly from: string; readonly to: string; readonly map?: string; readonly table?: string; readonly value?: string; readonly when?: Readonly<Record<string, string | readonly string[]>> }[]>>;
  readonly authorities?: Readonly<Record<string, string>>;
  readonly systems?: Readonly<Record<string, string>>;
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `-05:00` */
  readonly zone?: string;
  /** `ordered`: a result without an ORC makes no ServiceRequest. Default `every`. */
  readonly requests?: "ordered" | "every";
}

/** What a channel adjusts of the way back; the same as beside `map: fhir-to-hl7v2` in YAML. */
interface BackMapOptions {
  /** `ADT^A08` or `A08`; default: what a MessageHeader or the resources imply. */
  readonly event?: string;
  /** MSH-12; default `2.5.1`. */
  readonly version?: "2.3" | "2.3.1" | "2.4" | "2.5" | "2.5.1" | "2.6" | "2.7" | "2.7.1" | "2.8";
  /** MSH-3 to MSH-6: a namespace, or `namespace^id^type`. */
  readonly sendingApplication?: string;
  readonly sendingFacility?: string;
  readonly receivingApplication?: string;
  readonly receivingFacility?: string;
  /** MSH-11; default `P`. */
  readonly processing?: "P" | "T" | "D";
  /** Segments that are not written. */
  readonly drop?: readonly string[];
  readonly rows?: Readonly<Record<string, readonly { readonly to: string; readonly from?: string; readonly table?: string; readonly value?: string }[]>>;
  /** As of `toFhir`: namespace or name to URI. */
  readonly authorities?: Readonly<Record<string, string>>;
  readonly systems?: Readonly<Record<string, string>>;
  /** From codes of FHIR to codes of HL7 v2. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Tools {
  /** A value of one of the channel's lookup tables, or the fallback. */
  lookup(table: string, key: string, fallback?: string): string | undefined;
  /** Written to the message's own sealed log, never to the engine's. */
  log(...values: unknown[]): void;
  /** The one extension of a resource whose url ends in `/name`; none or several is an error. */
  extension(resource: unknown, name: string): { readonly url: string; readonly [key: string]: unknown };
  /** The same at every replay of the message. */
  uuid(): string;
  readonly date: {
    /** `20260309143000+0100` → `2026-03-09T14:30:00+01:00` */
    fromHl7(value: string): string;
    toHl7(value: string): string;
  };
  /** A number that leaves in just these digits: `decimal("1.50")`. */
  decimal(text: string): { readonly text: string };
  parseHl7(text: string): Hl7Message;
  /** Delimited text; default RFC 4180 with a header. */
  parseCsv(text: string, dialect?: { readonly delimiter?: string; readonly quote?: string; readonly header?: boolean }): CsvMessage;
  parseXml(text: string): XmlMessage;
  /** A FHIR R4 Bundle of a message, by the HL7 v2-to-FHIR maps. What has no place there is named in the message's own log. */
  toFhir(message: Hl7Message, options?: MapOptions): Record<string, unknown>;
  /** ORU^R01, ADT or SIU of a FHIR R4 Bundle or resource. What has no place there is named in the message's own log. */
  toHl7(resource: unknown, options?: BackMapOptions): Hl7Message;
  /** NCPDP SCRIPT. */
  parseScript(text: string): ScriptMessage;
  parseIcal(text: string): IcalMessage;
  /** Loops are known where the channel or a destination of it reads x12; elsewhere paths are of segments alone. */
  parseX12(text: string): X12Message;
  /** An interchange as text: `return buildX12({ … })` to a destination with `format: x12`. Throws for a value that holds a delimiter. */
  buildX12(interchange: X12Interchange): string;
  /** Instances of the events of a calendar that overlap a window, by start: rules, dates, exceptions, overrides and time zones resolved. More than `limit` (1000) is an error. */
  occurrences(msg: IcalMessage | string, window: CalendarWindow): CalendarInstance[];
  /** Appointments of events (of a series one for each instance in the window), AppointmentResponses of METHOD:REPLY, Schedules and Slots of VFREEBUSY: FHIR R4. */
  icalToFhir(msg: IcalMessage | string, window?: Partial<CalendarWindow>): { [key: string]: any }[];
  /**
   * Appointments, AppointmentResponses and Slots, one, a list or a Bundle, as iCalendar. `freeBusy`: the times alone, merged, with nothing of what they are about, for a
   * feed that others read.
   */
  fhirToIcal(resources: unknown, options?: { readonly method?: string; readonly freeBusy?: boolean; readonly uid?: string }): IcalMessage;
}

/** Moments as ISO 8601 text or milliseconds since 1970. `floating`: the IANA zone of times that name none, default UTC. */
interface CalendarWindow {
  readonly from: string | number;
  readonly to: string | number;
  readonly limit?: number;
  readonly floating?: string;
}

interface CalendarInstance {
  /** The event as it is described: the series, or what overrides this instance. */
  readonly event: IcalComponent;
  readonly uid: string;
  /** With the offset of its zone: `2026-03-09T14:30:00+01:00`. */
  readonly start: string;
  readonly end: string;
  readonly recurrenceId: string | undefined;
}

declare const lookup: Tools["lookup"];
declare const log: Tools["log"];
declare const extension: Tools["extension"];
declare const uuid: Tools["uuid"];
declare const date: Tools["date"];
declare const decimal: Tools["decimal"];
declare const parseHl7: Tools["parseHl7"];
declare const parseCsv: Tools["parseCsv"];
declare const parseXml: Tools["parseXml"];
declare const toFhir: Tools["toFhir"];
declare const toHl7: Tools["toHl7"];
declare const parseScript: Tools["parseScript"];
declare const parseIcal: Tools["parseIcal"];
declare const parseX12: Tools["parseX12"];
declare const buildX12: Tools["buildX12"];
declare const occurrences: Tools["occurrences"];
declare const icalToFhir: Tools["icalToFhir"];
declare const fhirToIcal: Tools["fhirToIcal"];
