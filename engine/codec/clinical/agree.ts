import { type Result, type Said, squeezed } from "./report.ts";

/** Statuses of an Observation that say the same as OBX-11 (table 0085), and of a DiagnosticReport as OBR-25 (table 0123). What FHIR has no word for is `unknown`. */
const observation: Readonly<Record<string, readonly string[]>> = {
  A: ["amended"], C: ["corrected", "amended"], D: ["entered-in-error", "cancelled"], F: ["final"], I: ["registered", "unknown"], N: ["cancelled", "unknown"], O: ["registered", "unknown"],
  P: ["preliminary"], R: ["preliminary", "unknown"], S: ["preliminary", "unknown"], U: ["final", "unknown"], W: ["entered-in-error"], X: ["cancelled"],
};
const report: Readonly<Record<string, readonly string[]>> = {
  A: ["partial", "unknown"], C: ["corrected", "amended"], F: ["final"], I: ["registered"], O: ["registered"], P: ["preliminary"], R: ["preliminary", "partial"], S: ["registered"], X: ["cancelled"],
};

export const same = (a: Said, b: Said): boolean => a.whole === b.whole;

/** Whether a status of table 0085 and one of FHIR say the same. One that was not stated may be `unknown`, or that of the report; nothing else is made up. */
export function sameStatus(hl7: Result, fhir: Result): boolean {
  if (hl7.status !== "" && hl7.status !== '""') return (observation[hl7.status] ?? ["unknown"]).includes(fhir.status);
  return fhir.status === "unknown" || fhir.status === "" || (report[hl7.reported] ?? []).includes(fhir.status);
}

export function sameReportStatus(hl7: string, fhir: string): boolean {
  return hl7 === "" ? true : (report[hl7] ?? ["unknown"]).includes(fhir);
}

/** Every code of HL7 is one of FHIR's, or stands there as text. Without codes, a name does. */
export function sameCode(hl7: Said, fhir: Said): boolean {
  if (hl7.texts.length === 0) return true;
  const said = new Set(fhir.texts.map(squeezed));
  const wanted = hl7.codes.length > 0 ? hl7.codes : hl7.texts.slice(0, 1);
  return wanted.every((code) => said.has(squeezed(code)));
}

/** The value as written, or as the text that FHIR makes of it where it has no type that holds it: then its unit may follow. */
export function sameValue(hl7: Result, fhir: Result): boolean {
  const [written = ""] = hl7.value.texts;
  if (squeezed(written) === "") return fhir.value.texts.every((text) => squeezed(text) === "");
  const wanted = squeezed(written).replace(/^\+/, "").replace(/^=/, "");
  if (/^(?:NM|SN)$/.test(hl7.type) || /^value(?:Quantity|Range|Ratio|Integer|SampledData)$/.test(fhir.type)) {
    return fhir.value.texts.some((text) => squeezed(text) === wanted || squeezed(text) === squeezed(written) || (fhir.type !== "valueString" && squeezed(text) === withoutZeros(wanted))) || isWithUnit(fhir, wanted, hl7.unit.texts);
  }
  if (/^value(?:DateTime|Time|Period)$/.test(fhir.type)) return written.split("~").every((each) => fhir.value.texts.some((text) => sameTime(each, text)));
  const said = fhir.value.texts.map(squeezed);
  if (said.includes(wanted) || said.includes(squeezed(written)) || isWithUnit(fhir, wanted, hl7.unit.texts)) return true;
  // Codes with their names.
  return hl7.value.codes.length > 0 && /^C[NW]?E$|^CF$|^IS$|^ID$/.test(hl7.type) && hl7.value.codes.every((part) => said.includes(squeezed(part)));
}

/** JSON has no number that begins with a zero: `007` is 7. Zeros at the end say how exact a value is, and stay. */
function withoutZeros(number: string): string {
  return number.replace(/^([<>]=?)?(-?)0+(?=\d)/, "$1$2").replace(/([-:])0+(?=\d)/g, "$1");
}

function isWithUnit({ value, type }: Result, wanted: string, units: readonly string[]): boolean {
  return type === "valueString" && value.texts.some((text) => units.some((unit) => squeezed(text) === `${wanted}${squeezed(unit)}`));
}

/** A unit that FHIR states is one that HL7 stated, by code or by name; one that HL7 stated stands somewhere in the value. */
export function sameUnit(hl7: Result, fhir: Result, isSpelling: (written: string, code: string) => boolean): boolean {
  const stated = hl7.unit.texts.map(squeezed);
  const said = fhir.unit.texts.map(squeezed);
  if (stated.length === 0) return said.length === 0;
  if (said.length === 0) return fhir.type !== "valueQuantity" && (fhir.type !== "valueString" ? true : isKeptInText(fhir, hl7));
  return said.some((unit) => stated.includes(unit)) && said.every((unit) => stated.includes(unit) || hl7.unit.texts.some((written) => isSpelling(written, unit)));
}

/** Text that is no number needs no unit to be understood. */
function isKeptInText({ value }: Result, { unit, type }: Result): boolean {
  return !/^(?:NM|SN)$/.test(type) || value.texts.some((text) => unit.texts.some((each) => squeezed(text).endsWith(squeezed(each))));
}

export function sameRange(hl7: Said, fhir: Said): boolean {
  const [written = ""] = hl7.texts;
  const wanted = squeezed(written);
  if (wanted === "") return fhir.texts.length === 0;
  const bare = (text: string) => squeezed(text).replace(/[<>]=/g, (sign) => sign.charAt(0));
  return fhir.texts.every((text) => bare(text) === bare(wanted) || !isBounds(text)) && fhir.texts.some((text) => bare(text) === bare(wanted));
}

/** Two numbers, or one with a sign. */
function isBounds(text: string): boolean {
  return /^[<>]?-?\d+(?:\.\d+)?(?:--?\d+(?:\.\d+)?)?$/.test(squeezed(text));
}

/** Each flag of OBX-8 stands in Observation.interpretation, and none that OBX-8 does not have. */
export function sameFlags(hl7: Said, fhir: Said): boolean {
  const stated = new Set(hl7.codes.filter((code) => code !== '""').map((code) => squeezed(code).toUpperCase()));
  const said = fhir.texts.map((text) => text.trim().toUpperCase());
  const isThere = (flag: string) => said.some((text) => squeezed(text) === flag || text.startsWith(`${flag} `));
  return [...stated].every(isThere) && fhir.codes.every((code) => stated.has(squeezed(code).toUpperCase()));
}

/** Whether HL7 states a time that there can be (DTM, chapter 2A): what is none has no place in FHIR. */
export function isTime(hl7: string): boolean {
  const [, year, month = "01", day = "01", hour = "00", minute = "00"] = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\d\d(?:\.\d{1,4})?)?)?)?)?)?(?:[+-]\d{4})?$/.exec(hl7) ?? [];
  return year !== undefined && year !== "0000" && !Number.isNaN(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`));
}

/** FHIR may say less exactly when (it knows no time of day without an offset), but not another time. */
export function sameTime(hl7: string, fhir: string): boolean {
  const stated = hl7.replace(/(?<=\d)[+-]\d{4}$|\.\d+/g, "").replace(/\D/g, "");
  if (stated === "" || fhir === "") return stated === fhir;
  const said = fhir.replace(/(?<=T.*)(?:[+-]\d\d:\d\d|Z)$|\.\d+/g, "").replace(/\D/g, "");
  if (said.length >= Math.min(8, stated.length) && (stated.startsWith(said) || said.replace(/0+$/, "").startsWith(stated.replace(/0+$/, "")) && said.startsWith(stated))) return isSameZone(hl7, fhir, stated, said);
  return sameInstant(hl7, fhir);
}

/** The same digits under two offsets are two moments. */
function isSameZone(hl7: string, fhir: string, stated: string, said: string): boolean {
  if (stated.length < 12 || said.length < 12) return true;
  const [, offset] = /([+-]\d{4})$/.exec(hl7) ?? [];
  return offset === undefined || Number.isNaN(Date.parse(fhir)) || sameInstant(hl7, fhir);
}

function sameInstant(hl7: string, fhir: string): boolean {
  const [, year, month, day, hour, minute, second = "00", zone] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?([+-]\d{4})$/.exec(hl7) ?? [];
  if (zone === undefined) return false;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.slice(0, 3)}:${zone.slice(3)}`);
  return Math.trunc(at / 1000) === Math.trunc(Date.parse(fhir) / 1000);
}
