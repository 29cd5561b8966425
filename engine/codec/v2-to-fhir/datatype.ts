import type { Problem } from "../problem.ts";
import { holds, inside } from "./condition.ts";
import { type Cursor, type Making, refer, type Spot, walk, write } from "./draft.ts";
import type { Elements } from "./elements.ts";
import { toPrimitive } from "./primitive.ts";
import type { MapTables, Row } from "./tables.ts";
import type { Targets } from "./target.ts";
import { Value } from "./values.ts";
import type { Codes } from "./vocabulary.ts";
import { hl7Table } from "./vocabulary.ts";

/** What every part of one run shares. */
export interface Run extends Making {
  readonly tables: MapTables;
  readonly elements: Elements;
  readonly targets: Targets;
  readonly codes: Codes;
  /** Offset of times that state none. */
  readonly zone: string;
  rows(kind: "segments" | "datatypes", name: string): readonly Row[] | undefined;
  problem(code: Problem["code"], spot: Spot): void;
}

/** Types that a field has when its row names no data type map, by the type of the target. */
const usual: Readonly<Record<string, string>> = {
  CodeableConcept: "CWE[CodeableConcept]",
  Coding: "CWE[Coding]",
  Identifier: "EI[Identifier-Extension]",
  HumanName: "XPN[HumanName]",
  Address: "XAD[Address]",
  ContactPoint: "XTN[ContactPoint]",
  Quantity: "CQ[Quantity]",
  Period: "DR[Period]",
};

/** Puts a value at a target: by its data type map, as a code of a vocabulary map, or as it is. */
export function put(run: Run, from: Cursor, path: string, value: Value, how: { readonly map?: string | null | undefined; readonly table?: string | null | undefined }, spot: Spot): void {
  const map = how.map ?? undefined;
  if (path === "$this" || path === "$value") return fill(run, from, map ?? "", value, how.table, spot);
  const lead = /^\[(\d+)\]\.?(.*)$/.exec(path);
  if (lead) {
    const at = lead[1] === "1" ? from : from.again?.(lead[1] ?? "");
    if (at !== undefined && lead[2] !== undefined) put(run, at, lead[2], value, how, spot);
    return;
  }
  const own = `${from.home.type}.`;
  const target = run.targets.read(from.home, path.startsWith(own) ? path.slice(own.length) : path, false);
  if (target === undefined) return;
  const end = walk(from, target, spot, run);
  if (end.step !== undefined) return leaf(run, end.cursor, end.step.name, end.step.type, end.step.repeated, value, map, how.table, spot);
  const type = end.cursor.home.type;
  let at = end.cursor;
  const to = target.steps.at(-1);
  // `actor` with XCN[Practitioner]: the map names the resource that the reference points to.
  if (to?.type === "Reference" && to.to === undefined && map !== undefined) {
    const resource = nameOf(map);
    if (!run.elements.isResource(resource)) return;
    at = crossed(run, end.cursor, resource);
  }
  fill(run, at, map ?? usual[type] ?? "", value, how.table, spot);
}

function crossed(run: Run, at: Cursor, type: string): Cursor {
  const other = at.draft.other(`${at.key}@${type}`, () => run.make(type, at.draft.group));
  refer(at, other);
  return other.cursor;
}

/** `XCN[Practitioner]`, `CX[RelatedPerson-Mother]` → the type in it. */
function nameOf(map: string): string {
  return /\[([A-Za-z]+)/.exec(map)?.[1] ?? "";
}

function leaf(run: Run, at: Cursor, name: string, type: string, repeated: boolean, value: Value, map: string | undefined, table: string | null | undefined, spot: Spot): void {
  // NM[Quantity] at Quantity.value also says how the number compares.
  const special = specials[map?.toLowerCase() ?? ""];
  if (special !== undefined && nameOf(map ?? "") === at.home.type) return special(run, at, value, spot);
  const rows = map === undefined ? undefined : run.rows("datatypes", map);
  // FN[HumanName] at HumanName.family fills the name around it.
  if (rows !== undefined && !rows.some(([, to]) => to === "$value" || to === "$this") && nameOf(map ?? "") === at.home.type) return fill(run, at, map ?? "", value, table, spot);
  const text = rows === undefined ? value.text() : plain(run, map ?? "", rows, value);
  if (text === "") return;
  if (type === "code" || table) return code(run, at, { name, type, repeated }, text, table, spot);
  if (name === "system" && at.home.type === "Coding") return system(run, at, text, spot);
  if (name === "system" && (at.home.type === "Identifier" || at.home.type === "Quantity")) {
    if (/\s/.test(text)) return system(run, at, text, spot);
    write(at.node, name, false, run.codes.system(text) ?? text);
    return;
  }
  const written = toPrimitive(text, type, run.zone);
  if (written === undefined) run.problem(type === "decimal" || /int/i.test(type) ? "MAP-203" : "MAP-202", spot);
  else write(at.node, name, repeated, written);
}

/** Text of a data type map that ends in a single value: `CWE[code]`, `HD[uri]`, `XON[string]`. */
function plain(run: Run, name: string, rows: readonly Row[], value: Value): string {
  if (/^HD\[uri\]$/i.test(name)) {
    const stated = run.codes.authority(value.text(1), value.text(2));
    if (stated !== undefined) return stated;
  }
  for (const [from, to, , , constant, when] of rows) {
    if (to !== "$value" && to !== "$this") continue;
    if (when && !holds(when, inside(value))) continue;
    const text = constant ? join(constant, value) : partOf(from, value).text();
    if (text !== "") return text;
  }
  return "";
}

/** A code in a vocabulary map; one that has no target stays beside the element as what it was. */
function code(run: Run, at: Cursor, { name, type, repeated }: { readonly name: string; readonly type: string; readonly repeated: boolean }, text: string, table: string | null | undefined, spot: Spot): void {
  const vocabulary = table ? run.codes.table(table) : undefined;
  if (vocabulary === undefined) {
    const written = toPrimitive(text, "code", run.zone);
    if (written !== undefined) write(at.node, name, repeated, written);
    return;
  }
  const target = run.codes.target(vocabulary, text);
  if (target === undefined) {
    run.problem("MAP-201", spot);
    if (!repeated && at.node[name] === undefined) at.node[`_${name}`] ??= { extension: [alternate(vocabulary.from, text)] };
    return;
  }
  if (write(at.node, name, repeated, type === "boolean" ? target.code === "true" : target.code) && name === "code" && at.home.type === "Coding") {
    at.node["system"] ??= target.system;
  }
}

/** The code as it came, for an element that has no code for it. */
export function alternate(table: string, text: string): object {
  const number = /(\d{4})$/.exec(table)?.[1];
  return {
    url: "http://hl7.org/fhir/StructureDefinition/alternate-codes",
    valueCodeableConcept: { coding: [{ ...(number ? { system: hl7Table(number) } : {}), code: text.trim() }] },
  };
}

/** A code system that nobody knows by a URI keeps the name that the message gave it. */
function system(run: Run, at: Cursor, text: string, spot: Spot): void {
  const uri = run.codes.system(text);
  if (uri !== undefined) write(at.node, "system", false, uri);
  else {
    run.problem("MAP-204", spot);
    at.node["_system"] ??= { extension: [{ url: "http://hl7.org/fhir/StructureDefinition/originalText", valueString: text }] };
  }
}

function partOf(from: string, value: Value): Value {
  const part = /[.-](\d+)$/.exec(from)?.[1];
  return part === undefined ? value : value.part(Number(part));
}

/** A constant, or parts joined to one: `["XTN.6", "' ", "XTN.7"]`. */
export function join(constant: string | readonly string[], value: Value): string {
  if (typeof constant === "string") return constant;
  return constant.map((each) => (each.startsWith("'") ? each.slice(1) : partOf(each, value).text())).join("");
}

/** Runs a data type map at a place that has parts. */
export function fill(run: Run, at: Cursor, name: string, value: Value, table: string | null | undefined, spot: Spot): void {
  const special = specials[name.toLowerCase()];
  if (special !== undefined) return special(run, at, value, spot);
  const rows = run.rows("datatypes", name);
  if (rows === undefined) {
    if (at.home.type === "CodeableConcept") write(at.node, "text", false, value.text());
    return;
  }
  for (const [from, to, map, inner, constant, when] of rows) {
    const part = partOf(from, value);
    if (part.isEmpty || (when && !holds(when, inside(value)))) continue;
    if (constant) setConstant(run, at, to, join(constant, value), spot);
    else put(run, at, to, part, { map, table: inner }, spot);
  }
  if (table) translate(run, at, table, spot);
}

/** Writes a constant, which is a text where the element is a concept. */
export function setConstant(run: Run, from: Cursor, path: string, text: string, spot: Spot): void {
  const lead = /^\[(\d+)\]\.(.*)$/.exec(path);
  const at = lead && lead[1] !== "1" ? from.again?.(lead[1] ?? "") : from;
  const target = at && run.targets.read(at.home, lead?.[2] ?? path, true);
  if (!at || !target) return;
  const end = walk(at, target, spot, run);
  if (end.step === undefined) {
    if (end.cursor.home.type === "CodeableConcept") write(end.cursor.node, "text", false, text);
    return;
  }
  const written = toPrimitive(text, end.step.type, run.zone);
  if (written !== undefined) write(end.cursor.node, end.step.name, end.step.repeated, written);
}

/** The first coding of a concept by a vocabulary map. A code without a target keeps the HL7 table as its system. */
function translate(run: Run, at: Cursor, table: string, spot: Spot): void {
  const vocabulary = run.codes.table(table);
  const coding = (at.home.type === "Coding" ? at.node : (at.node["coding"] as Record<string, unknown>[] | undefined)?.[0]) ?? undefined;
  const was = coding?.["code"];
  if (vocabulary === undefined || coding === undefined || typeof was !== "string") return;
  const number = /(\d{4})$/.exec(vocabulary.from)?.[1];
  const own = number === undefined ? undefined : hl7Table(number);
  // Codes of another system than the table of the map are not its codes.
  if (coding["system"] !== undefined && coding["system"] !== own && coding["system"] !== vocabulary.system) return;
  if (coding["_system"] !== undefined) return;
  const target = run.codes.target(vocabulary, was);
  if (target === undefined) {
    if (own !== undefined) coding["system"] ??= own;
    if (vocabulary.same !== undefined || Object.keys(vocabulary.codes).length > 0) run.problem("MAP-201", spot);
    return;
  }
  coding["code"] = target.code;
  if (target.system !== "") coding["system"] = target.system;
  if (target.code !== was && at.home.type === "CodeableConcept") at.node["text"] ??= coding["display"] ?? was;
  if (target.code !== was) delete coding["display"];
}

/** Data types that a table cannot say. */
const specials: Record<string, (run: Run, at: Cursor, value: Value, spot: Spot) => void> = {
  "pl[location]": (run, at, value, spot) => {
    let inner: Cursor | undefined;
    for (const [part, kind] of run.tables.places) {
      if (value.part(part).isEmpty) continue;
      const place: Cursor = inner === undefined ? at : crossed(run, partOfPlace(inner), "Location");
      fill(run, place, "HD[Location-Level]", value.part(part), undefined, spot);
      if (kind !== "") place.node["physicalType"] = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/location-physical-type", code: kind }] };
      place.node["mode"] = "instance";
      inner = place;
    }
    if (value.text(9) !== "") at.node["description"] = value.text(9);
    if (/^(?:active|suspended|inactive)$/i.test(value.text(5))) at.node["status"] = value.text(5).toLowerCase();
    put(run, at, "identifier[3]", value.part(10), { map: value.part(11).isEmpty ? "EI[Identifier-Organization]" : "EI[Identifier-Extension]" }, spot);
    if (!value.part(10).isEmpty && !value.part(11).isEmpty) put(run, at, "identifier[3].assigner(Organization)", value.part(11), { map: "HD[Organization]" }, spot);
  },
  "ndl[practitionerrole]": (run, at, value, spot) => {
    put(run, at, "practitioner(Practitioner)", value.part(1), { map: "CNN[Practitioner]" }, spot);
    put(run, at, "period.start", value.part(2), {}, spot);
    put(run, at, "period.end", value.part(3), {}, spot);
    const place = new Value([value.text(4), value.text(5), value.text(6), value.text(7), value.text(8), "", value.text(10), value.text(11)].map((each) => [each]));
    if (!place.isEmpty) put(run, at, "location(Location)", place, { map: "PL[Location]" }, spot);
  },
  "nm[quantity]": (run, at, value, spot) => {
    const [, comparator, digits = ""] = /^\s*(<=|>=|<|>)?\s*(.+?)\s*$/s.exec(value.text()) ?? [];
    const number = toPrimitive(digits, "decimal", run.zone);
    if (number === undefined) return run.problem("MAP-203", spot);
    write(at.node, "value", false, number);
    if (comparator !== undefined) write(at.node, "comparator", false, comparator);
  },
  // Appointment.minutesDuration has no other unit.
  "nm[appointment-seconds]": (run, at, value, spot) => minutes(run, at, Number(value.text()) / 60, spot),
  "nm[appointment-hours]": (run, at, value, spot) => minutes(run, at, Number(value.text()) * 60, spot),
  "nm[appointment-days]": (run, at, value, spot) => minutes(run, at, Number(value.text()) * 1440, spot),
  "nm[appointment-other]": (run, _at, _value, spot) => run.problem("MAP-202", spot),
  "ed[attachment]": (run, at, value, spot) => {
    const [kind, subtype, encoding, data] = [value.text(2), value.text(3), value.text(4).toLowerCase(), value.text(5)];
    const type = subtype.includes("/") ? subtype : mediaType(kind, subtype);
    if (type !== undefined) write(at.node, "contentType", false, type);
    const bytes = encoding === "base64" ? toPrimitive(data, "base64Binary", "") : encoding === "hex" ? fromHex(data) : encoding === "a" || encoding === "" ? undefined : undefined;
    if (bytes !== undefined) write(at.node, "data", false, bytes);
    else if (data !== "") {
      write(at.node, "data", false, base64(data));
      if (encoding !== "a") run.problem("MAP-205", spot);
    }
  },
};

/** Whole minutes; what is none is told and not rounded. */
function minutes(run: Run, at: Cursor, n: number, spot: Spot): void {
  if (Number.isSafeInteger(n) && n > 0) write(at.node, "minutesDuration", false, n);
  else run.problem("MAP-202", spot);
}

function partOfPlace(at: Cursor): Cursor {
  const node = (at.node["partOf"] ??= {}) as Record<string, unknown>;
  return { draft: at.draft, node, home: { type: "Reference", path: "" }, key: `${at.key}/partOf` };
}

/** HL7 tables 0191 and 0291 as media types. */
function mediaType(kind: string, subtype: string): string | undefined {
  const known: Readonly<Record<string, string>> = { pdf: "application/pdf", jpeg: "image/jpeg", jpg: "image/jpeg", png: "image/png", gif: "image/gif", tiff: "image/tiff", html: "text/html", xml: "text/xml", plain: "text/plain", rtf: "application/rtf", "x-hl7-cda-level-one": "application/hl7-cda+xml", dicom: "application/dicom" };
  const own = known[subtype.toLowerCase()];
  if (own !== undefined) return own;
  const top: Readonly<Record<string, string>> = { IM: "image", AU: "audio", VI: "video", AP: "application", TEXT: "text" };
  const first = top[kind.toUpperCase()];
  return first !== undefined && /^[\w.+-]+$/.test(subtype) ? `${first}/${subtype.toLowerCase()}` : undefined;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64Of(bytes: readonly number[]): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += (alphabet[word >> 18] ?? "") + (alphabet[(word >> 12) & 63] ?? "");
    out += (i + 1 < bytes.length ? alphabet[(word >> 6) & 63] : "=") + (i + 2 < bytes.length ? (alphabet[word & 63] ?? "") : "=");
  }
  return out;
}

function base64(text: string): string {
  return base64Of(Array.from(encodeURIComponent(text).matchAll(/%([0-9A-F]{2})|(.)/gs), ([, hex, plain]) => (hex === undefined ? (plain ?? "").charCodeAt(0) : Number.parseInt(hex, 16))));
}

function fromHex(text: string): string | undefined {
  const digits = text.replaceAll(/\s+/g, "");
  return /^(?:[0-9A-Fa-f]{2})+$/.test(digits) ? base64Of(Array.from(digits.matchAll(/../g), ([pair]) => Number.parseInt(pair, 16))) : undefined;
}
