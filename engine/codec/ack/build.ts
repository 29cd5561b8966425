import { EngineError, type Code } from "../../sdk/error.ts";
import { common, type Delimiters } from "../hl7v2/delimiters.ts";
import { charsetOf } from "../bytes/names.ts";
import { type AckCode, ackLevel, acksDue } from "./due.ts";
import type { Problem } from "../problem.ts";
import { readHeader, type Header } from "./header.ts";

export interface AckOptions {
  /** Accepted, error (the sender may correct and resend), rejected; `C.` for the commit alone, in enhanced mode. */
  readonly code: AckCode;
  readonly error?: AckError;
  /** MSA-4: the sequence number that comes next (chapter 2.10.1), -1 for any. */
  readonly expected?: number;
  /** Where the message is not what its standard says: one ERR segment (before 2.5 one repetition of ERR-1) each, after that of `error`, up to `mostErrors`. */
  readonly problems?: readonly Pick<Problem, "code" | "path" | "standard">[];
  /** Milliseconds since 1970, for MSH-7. */
  readonly now: number;
  /** MSH-10 of the acknowledgement. */
  readonly controlId: string;
}

/** Most errors that an acknowledgement names: enough to mend a message, and no answer longer than what it answers. */
export const mostErrors = 20;

export interface AckError {
  readonly code: Code;
  /** Where the mistake is, as names and numbers: `PID`, 5. */
  readonly segment?: string;
  /** Which of the segments of this name, from 1. */
  readonly sequence?: number;
  readonly field?: number;
  readonly repetition?: number;
  readonly component?: number;
  readonly subcomponent?: number;
  /** HL7 table 0357: 100-103 for the message, 200-207 for the receiver. Default 207. */
  readonly hl7?: string;
}

/**
 * An acknowledgement: sender and receiver swapped, delimiters, version and character set of the message. It holds nothing of the
 * message but its header, and no words. In enhanced mode (chapter 2.9.3) it asks for no acknowledgement of its own.
 */
export function buildAck(received: { readonly text?: string; /** Of the text, where it has been read. */ readonly header?: Header }, options: AckOptions): string {
  const header = received.header ?? (received.text === undefined ? undefined : readHeader(received.text));
  const marks = header?.delimiters ?? common;
  // Of what the sender wrote there, only what has the standard's form is said again: something else may be anything.
  const version = /^\d\.\d{1,2}(?:\.\d)?(?:[^\w\s][A-Z]{3})?/.exec(header?.version ?? "")?.[0] ?? "2.5.1";
  const processing = /^[A-Z](?:[^\w\s][A-Z])?$/.exec(header?.processing ?? "")?.[0] ?? "P";
  const release = releaseOf(version);
  const f = marks.field;
  const charset = charsetIn(header?.charset ?? "", marks);
  const text =
    `MSH${f}${declared(marks)}${f}${header?.receivingApplication ?? ""}${f}${header?.receivingFacility ?? ""}` +
    `${f}${header?.sendingApplication ?? ""}${f}${header?.sendingFacility ?? ""}${f}${hl7Timestamp(options.now)}${f}${f}` +
    `${ackType(header, release)}${f}${plain(options.controlId)}${f}${processing}${f}${version}` +
    `${tail(f, charset, ackLevel(options.code) === "accept" || (header !== undefined && acksDue(header).mode === "enhanced"))}\rMSA${f}${options.code}${f}${header?.controlIdRaw ?? ""}`;
  const expected = options.expected === undefined ? "" : `${f}${options.expected}`;
  const { error } = options;
  if (error === undefined || options.code.endsWith("A")) return `${text}${expected === "" ? "" : f + expected}\r`;
  const errors = [error, ...(options.problems ?? []).slice(0, mostErrors).map(errorAt)];
  for (const each of errors) check(each);
  if (release >= 205) return `${text}${expected === "" ? "" : f + expected}\r${errors.map((each) => `ERR${f}${newError(each, marks)}\r`).join("")}`;
  // The place says more than the sentence that the message is not as it should be; where repetitions cannot be told apart, the first stands alone.
  const said = errors.length > 1 ? errors.slice(1) : errors;
  const all = said.map((each) => oldError(each, marks));
  return `${text}${f}${error.code}${expected}\rERR${f}${marks.repetition === "" ? all[0] : all.join(marks.repetition)}\r`;
}

/** The set that the header was read in, by the name that its sender gave it; of one that nobody knows the acknowledgement is not written in. */
function charsetIn(declared: string, { repetition }: Delimiters): string {
  const first = (repetition === "" ? declared : declared.split(repetition)[0]) ?? "";
  return charsetOf(first) === undefined ? "" : first;
}

/** MSH-13 to MSH-18, as far as there is something to say. */
function tail(f: string, charset: string, enhanced: boolean): string {
  if (enhanced) return `${f.repeat(3)}NE${f}NE${charset === "" ? "" : f + f + charset}`;
  return charset === "" ? "" : f.repeat(6) + charset;
}

/** `ACK` to 2.2, `ACK^R01` from 2.3, `ACK^R01^ACK` from 2.4. */
function ackType(header: Header | undefined, release: number): string {
  const trigger = /^[A-Z][A-Z0-9]{2}$/.exec(header?.trigger ?? "")?.[0] ?? "";
  const separator = header?.delimiters.component ?? "";
  if (trigger === "" || separator === "" || release < 203) return "ACK";
  return release < 204 ? `ACK${separator}${trigger}` : `ACK${separator}${trigger}${separator}ACK`;
}

/** ERR-1 of releases before 2.5: segment, sequence, field, code. */
function oldError(error: AckError, marks: Delimiters): string {
  const { component, subcomponent } = marks;
  const hl7 = error.hl7 ?? "207";
  const coded = subcomponent === "" ? hl7 : `${hl7}${subcomponent}${subcomponent}HL70357`;
  return component === "" ? "" : [...place(error), coded].join(component);
}

/** ERR-2 to ERR-5: place, HL7 code, severity, code of the engine. */
function newError(error: AckError, marks: Delimiters): string {
  const { component, field } = marks;
  const hl7 = error.hl7 ?? "207";
  const [segment, sequence, number] = place(error);
  const at = segment === "" || component === "" ? "" : [segment, sequence, ...(number === "" ? [] : [number]), ...deeper(error)].join(component);
  const coded = component === "" ? hl7 : `${hl7}${component}${component}HL70357`;
  const own = component === "" ? error.code : `${error.code}${component}${component}L`;
  return ["", at, coded, "E", own].join(field);
}

function place(error: AckError): [segment: string, sequence: string, field: string] {
  if (error.segment === undefined) return ["", "", ""];
  return [error.segment, String(error.sequence ?? 1), error.field === undefined ? "" : String(error.field)];
}

/** `OBX[3]-5[2].1` as a place; a problem whose path is no path of HL7 v2 has none. */
function errorAt({ code, path, standard }: Pick<Problem, "code" | "path" | "standard">): AckError {
  const [, segment, sequence, field, repetition, component, subcomponent] =
    /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\[(\d+)\])?(?:\.(\d+)(?:\.(\d+))?)?)?$/.exec(path) ?? [];
  const numbers = { sequence, field, repetition, component, subcomponent };
  const given = Object.fromEntries(Object.entries(numbers).flatMap(([key, value]) => (value === undefined ? [] : [[key, Number(value)]])));
  return { code, hl7: standard ?? "207", ...(segment === undefined ? {} : { segment, ...given }) };
}

/** ERL-4 to ERL-6: repetition, component, subcomponent. */
function deeper({ field, repetition, component, subcomponent }: AckError): string[] {
  if (field === undefined || (repetition === undefined && component === undefined)) return [];
  return [String(repetition ?? 1), ...(component === undefined ? [] : [String(component)]), ...(subcomponent === undefined ? [] : [String(subcomponent)])];
}

/** An acknowledgement carries codes only; anything else here is a mistake of the engine that must not leave. */
function check(error: AckError): void {
  const wellFormed =
    /^[A-Z][A-Z0-9]{1,4}-\d{3}$/.test(error.code) &&
    (error.segment === undefined || /^[A-Z][A-Z0-9]{2}$/.test(error.segment)) &&
    [error.sequence, error.field, error.repetition, error.component, error.subcomponent].every((n) => n === undefined || (Number.isInteger(n) && n > 0)) &&
    (error.hl7 === undefined || /^(?:10[0-4]|19[89]|20[0-8])$/.test(error.hl7));
  if (!wellFormed) throw new EngineError("ACK-001");
}

function plain(controlId: string): string {
  if (!/^[0-9A-Za-z._-]*$/.test(controlId)) throw new EngineError("ACK-001");
  return controlId;
}

function declared(marks: Delimiters): string {
  return marks.component + marks.repetition + marks.escape + marks.subcomponent + marks.truncation;
}

/** `2.5.1` and `2.5.1^USA` give 205. */
function releaseOf(version: string): number {
  const match = /^2\.(\d{1,2})/.exec(version);
  return match === null ? 205 : 200 + Number(match[1]);
}

/** MSH-7 in UTC. */
export function hl7Timestamp(now: number): string {
  const iso = new Date(now).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}+0000`;
}
