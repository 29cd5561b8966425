import { codePieces, conceptPieces, conceptText } from "./coded.ts";
import { isNode } from "./graph.ts";
import { cxPieces, dlnPieces, ndlPieces, organizationHd, xcnPieces, xonPieces } from "./identity.ts";
import type { At } from "./path.ts";
import { xadPieces, xpnPieces, xtnPieces } from "./person.ts";
import { isEmpty, Lines, none, type Piece, type Repetition } from "./pieces.ts";
import { plPieces } from "./place.ts";
import { hl7Time, hl7TimeOfDay, isFiner, primitiveText } from "./text.ts";
import type { Writing } from "./writing.ts";

/** A value of FHIR as a data type of HL7 v2. Nothing where it has no place in it. */
export function piecesOf(w: Writing, at: At, type: string, table: string | undefined, field: string): Repetition | undefined {
  const made = unfitted(w, at, type, table, field);
  return made === undefined || isEmpty(made) ? undefined : fitted(w, made, type, field);
}

function unfitted(w: Writing, at: At, type: string, table: string | undefined, field: string): Repetition | undefined {
  switch (type) {
    case "CE":
    case "CWE":
    case "CNE":
      return isReference(at) ? referenceWords(w, at) : conceptPieces(w, at, type, table, field);
    case "ID":
    case "IS":
      return codePieces(w, at, table, field);
    case "XPN":
      return xpnPieces(w, at, field);
    case "XAD":
      return xadPieces(w, at, field);
    case "XTN":
      return xtnPieces(w, at, field);
    case "CX":
    case "EI":
      return cxPieces(w, at, type);
    case "EIP":
      return [];
    case "DLN":
      return dlnPieces(w, at);
    case "XCN":
    case "CN":
      return xcnPieces(w, at);
    case "XON":
      return xonPieces(w, at);
    case "NDL":
      return ndlPieces(w, at);
    case "PL":
      return plPieces(w, at);
    case "DLD":
      return dischargePieces(w, at, field);
    case "HD": {
      const found = w.behind(at, "Location", "Organization", "Device");
      return found && organizationHd(w, found);
    }
    case "CQ":
      return quantityPieces(w, at, field);
    case "DR":
      return rangePieces(w, at, field);
    default:
      return simplePieces(w, at, type, field);
  }
}

/** Types of one value. */
function simplePieces(w: Writing, at: At, type: string, field: string): Repetition | undefined {
  if (isNode(at.value)) {
    if (type === "NM") return durationPieces(w, at);
    if (type === "ST" || type === "TX" || type === "FT") return written(type, conceptText(w, at));
    return undefined;
  }
  const text = primitiveText(at.value, at.holder, at.name);
  if (text === "") return undefined;
  w.graph.mark(at.marks);
  switch (type) {
    case "TS":
    case "DTM":
    case "DT": {
      const time = hl7Time(text);
      if (time === undefined || isFiner(text)) w.tell("MAP-306", field);
      return time === undefined ? undefined : [type === "DT" ? time.slice(0, 8) : time];
    }
    case "TM": {
      const time = hl7TimeOfDay(text);
      return time === undefined ? undefined : [time];
    }
    case "NM":
    case "SI":
      return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? [text] : undefined;
    default:
      return written(type, text);
  }
}

function written(type: string, text: string): Repetition {
  return [type === "FT" ? new Lines(text) : text];
}

/** PV2-11 counts days. */
function durationPieces(w: Writing, at: At): Repetition | undefined {
  const node = at.value;
  if (!isNode(node) || (node["code"] !== "d" && node["unit"] !== "days")) return undefined;
  w.graph.mark([[node, "code"], [node, "unit"], [node, "system"]]);
  return [w.text(node, "value")];
}

/** CQ: quantity and unit. */
function quantityPieces(w: Writing, at: At, field: string): Repetition | undefined {
  if (!isNode(at.value) || at.value["value"] === undefined) return undefined;
  return [w.text(at.value, "value"), unitPieces(w, at, field)];
}

/** The unit of a quantity as a CE: its UCUM code, the words, and the system's name. */
export function unitPieces(w: Writing, at: At, field: string): readonly string[] {
  if (!isNode(at.value)) return [];
  const [code, unit, uri] = [w.text(at.value, "code"), w.text(at.value, "unit"), w.text(at.value, "system")];
  if (code === "") return [unit];
  const name = uri === "" ? "" : (w.systemName(uri) ?? uri);
  if (uri !== "" && name === uri) w.tell("MAP-304", field);
  return [code, unit === code ? "" : unit, name];
}

/** DR, and TS for a moment alone. */
function rangePieces(w: Writing, at: At, field: string): Repetition | undefined {
  if (!isNode(at.value)) {
    const moment = simplePieces(w, at, "TS", field);
    return moment ?? undefined;
  }
  return [hl7Time(w.text(at.value, "start")) ?? "", hl7Time(w.text(at.value, "end")) ?? ""];
}

/** DLD: the kind of place somebody was discharged to. */
function dischargePieces(w: Writing, at: At, field: string): Repetition | undefined {
  const place = w.behind(at, "Location");
  const type = place && w.node(place, "type");
  if (place === undefined || type === undefined) return undefined;
  return codePieces(w, { ...at, value: type, holder: place, name: "type" }, "DischargedToLocation", field) ?? undefined;
}

function isReference(at: At): boolean {
  return isNode(at.value) && ("reference" in at.value || ("display" in at.value && !("code" in at.value)) || "resourceType" in at.value);
}

/** A coded field that names a thing: its number and what it is called. */
function referenceWords(w: Writing, at: At): Repetition | undefined {
  const found = w.behind(at, "Device", "HealthcareService", "Location", "Practitioner", "PractitionerRole", "Organization");
  if (found === undefined) return undefined;
  const identifier = w.node(found, "identifier");
  const [device] = w.nodes(found, "deviceName");
  const name = typeof found["name"] === "string" ? w.text(found, "name") : device ? w.text(device, "name") : w.text(found, "display");
  return [identifier ? w.text(identifier, "value") : "", name];
}

/** Without what the version has no place for: it is told, and goes nowhere. */
function fitted(w: Writing, repetition: Repetition, type: string, field: string): Repetition {
  const shapes = w.version.components(type);
  if (repetition === null || shapes.length === 0) return repetition;
  const out = repetition.map((piece, i): Piece => {
    const shape = shapes[i];
    if (shape === undefined) {
      if (!isEmpty([piece])) w.tell("MAP-306", `${field}.${i + 1}`);
      return "";
    }
    if (typeof piece === "string" || piece instanceof Lines || piece === none) return piece;
    const room = w.version.components(shape.type).length;
    if (room > 0) return piece.slice(0, room);
    const [first = "", second = ""] = piece;
    if (piece.slice(1).some((each) => each !== "") && first !== "") w.tell("MAP-306", `${field}.${i + 1}`);
    return first === "" ? second : first;
  });
  return out;
}
