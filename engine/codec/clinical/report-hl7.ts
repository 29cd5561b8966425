import { unescapeText } from "../hl7v2/escape.ts";
import type { Hl7Message, Hl7Segment } from "../hl7v2/index.ts";
import type { Order, Patient, Report, Result, Said, Specimen } from "./report.ts";

/** Reads the results of an HL7 v2 message: PID, OBR, OBX, NTE and SPM (HL7 v2.5.1 chapter 7). */
export function reportOfHl7(message: Hl7Message, part: "all" | "patients" = "all"): Report {
  const patients: Patient[] = [];
  const orders: Order[] = [];
  const results: Result[] = [];
  const comments: string[] = [];
  const specimens: Specimen[] = [];
  const identifiers = new Set<string>();
  let order: Order | undefined;
  let before = "";
  for (const segment of message.segments) {
    if (part === "patients" && !segment.toString().startsWith("PID")) continue;
    if (segment.name === "PID") patients.push(patientOf(segment, patients.length + 1));
    else if (segment.name === "ORC") for (const n of [2, 3]) add(identifiers, pieces(segment, n));
    else if (segment.name === "OBR") {
      orders.push((order = orderOf(segment, orders.length + 1)));
      for (const number of order.numbers) identifiers.add(number);
    } else if (segment.name === "OBX") {
      const result = resultOf(segment, results.length + 1, order);
      if (result) results.push(result);
    } else if (segment.name === "NTE" && (before === "OBR" || before === "OBX")) {
      const text = fieldText(segment, 3);
      if (text !== "") comments.push(text);
    } else if (segment.name === "SPM") specimens.push({ path: `SPM[${specimens.length + 1}]`, what: JSON.stringify([pieces(segment, 2), pieces(segment, 4)]), time: first(pieces(segment, 17)) });
    if (segment.name !== "NTE") before = segment.name;
  }
  return { form: "hl7v2", patients, orders, results, comments, specimens, identifiers, words: () => "" };
}

function patientOf(pid: Hl7Segment, n: number): Patient {
  const ids = (field: number) => pieces(pid, field).flatMap(([component]) => component?.[0] || []);
  return { path: `PID[${n}]`, ids: ids(3), others: [2, 4, 18, 19, 20].flatMap(ids), families: ids(5), birth: first(pieces(pid, 7)).replace(/\D/g, "").slice(0, 8) };
}

function orderOf(obr: Hl7Segment, n: number): Order {
  return { path: `OBR[${n}]`, numbers: [2, 3].flatMap((field) => first(pieces(obr, field)) || []), code: coded(obr, 4), status: first(pieces(obr, 25)), time: first(pieces(obr, 7)) };
}

/** `undefined` for an OBX that says nothing: no code, no name, no value. */
function resultOf(obx: Hl7Segment, n: number, order: Order | undefined): Result | undefined {
  const code = coded(obx, 3);
  const value = whole(obx, 5);
  if (code.texts.length === 0 && value.texts.length === 0) return undefined;
  const flags = pieces(obx, 8);
  const type = obx.getRaw(2);
  return {
    path: `OBX[${n}]`, code, subId: obx.get(4) ?? "", type, value, unit: coded(obx, 6), range: whole(obx, 7),
    flags: { codes: flags.flatMap(([component]) => component?.[0] || []), texts: leaves(flags), whole: JSON.stringify(flags) },
    status: obx.get(11) ?? "", reported: order?.status ?? "", time: obx.get(14) || (order?.time ?? ""), isOwnTime: Boolean(obx.get(14)),
  };
}

/** A coded field: the codes of it and of its alternate. */
function coded(segment: Hl7Segment, field: number): Said {
  const found = pieces(segment, field);
  const codes = found.flatMap((components) => [components[0]?.[0] ?? "", components[3]?.[0] ?? ""]).filter((code) => code !== "");
  return { codes, texts: leaves(found), whole: JSON.stringify(found) };
}

function whole(segment: Hl7Segment, field: number): Said {
  const found = pieces(segment, field);
  const texts = leaves(found);
  // The system of a code is looked up by name, and has other names elsewhere.
  const codes = found.flatMap((components) => [0, 1, 3, 4, 8].flatMap((at) => components[at]?.filter((text) => text !== "") ?? []));
  return { codes, texts: texts.length === 0 ? [] : [fieldText(segment, field)], whole: JSON.stringify(found) };
}

type Pieces = readonly (readonly (readonly string[])[])[];

/** Repetitions, components and subcomponents of a field, decoded; empty ends are left out, and HL7 null is empty. */
function pieces(segment: Hl7Segment, field: number): Pieces {
  const raw = segment.getRaw(field);
  if (raw === "" || raw === '""') return [];
  const marks = segment.delimiters;
  const split = (text: string, mark: string) => (mark === "" ? [text] : text.split(mark));
  return trimmed(split(raw, marks.repetition).map((repetition) =>
    trimmed(split(repetition, marks.component).map((component) => trimmed(split(component, marks.subcomponent).map((text) => unescapeText(text, marks)), (text) => text === "")), (part) => part.length === 0)), (part) => part.length === 0);
}

function trimmed<T>(list: readonly T[], isEmpty: (each: T) => boolean): readonly T[] {
  let end = list.length;
  while (end > 0 && isEmpty(list[end - 1] as T)) end--;
  return end === list.length ? list : list.slice(0, end);
}

function fieldText(segment: Hl7Segment, field: number): string {
  return pieces(segment, field).map((components) => components.map((parts) => parts.join("&")).join("^")).join("~");
}

function leaves(found: Pieces): readonly string[] {
  return found.flat(2).filter((text) => text !== "");
}

function first(found: Pieces): string {
  return found[0]?.[0]?.[0] ?? "";
}

function add(to: Set<string>, found: Pieces): void {
  const text = first(found);
  if (text !== "") to.add(text);
}
