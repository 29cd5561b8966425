import { isNode, listOf, type Node } from "./graph.ts";
import { unitPieces, piecesOf } from "./datatype.ts";
import type { At } from "./path.ts";
import { isEmpty, Lines, type Repetition } from "./pieces.ts";
import type { SegmentDraft } from "./segment.ts";
import { hl7TimeOfDay, primitiveText } from "./text.ts";
import type { Writing } from "./writing.ts";

/** OBX-2, OBX-5 and OBX-6 (HL7 v2 chapter 7, table 0125). */
interface Result {
  readonly type: string;
  readonly values: readonly Repetition[];
  readonly unit?: readonly string[];
}

/** Writes the value of an observation, or of components that repeat it; says whether there was one. */
export function writeValue(w: Writing, obx: SegmentDraft, nodes: readonly Node[], root: Node): boolean {
  const results = nodes.map((node) => resultOf(w, node, root)).filter((each) => each !== undefined);
  const [first] = results;
  if (first === undefined) return false;
  obx.set(2, first.type).set(5, ...results.flatMap(({ values }) => values));
  if (first.unit !== undefined && !isEmpty(first.unit)) obx.set(6, first.unit);
  return true;
}

/** Whether two results can stand in one OBX. */
export function typeOfValue(node: Node): string {
  return Object.keys(node).find((name) => /^value[A-Z]/.test(name)) ?? "";
}

function resultOf(w: Writing, node: Node, root: Node): Result | undefined {
  const name = typeOfValue(node);
  const at: At = { value: listOf(node[name])[0], holder: node, name, root, marks: [[node, name]], via: undefined };
  const made = name === "" ? attached(w, node) : statedValue(w, at);
  if (made !== undefined && name !== "" && !isNode(at.value)) w.graph.mark([[node, name]]);
  return made?.values.some((each) => !isEmpty(each)) ? made : undefined;
}

function statedValue(w: Writing, at: At): Result | undefined {
  const { value, name } = at;
  const coded = w.version.isFrom("2.5") ? "CWE" : "CE";
  switch (name) {
    case "valueQuantity":
      return isNode(value) ? quantity(w, at, value) : undefined;
    case "valueInteger":
      return { type: "NM", values: [[primitiveText(value)]] };
    case "valueBoolean":
      return { type: coded, values: [[value === true ? "Y" : "N", value === true ? "Yes" : "No", "HL70136"]] };
    case "valueString":
      return text(primitiveText(value));
    case "valueCodeableConcept": {
      const made = piecesOf(w, at, coded, undefined, "OBX-5");
      return made === undefined ? undefined : { type: coded, values: [made] };
    }
    case "valueDateTime": {
      const type = /T/.test(String(value)) ? (w.version.isFrom("2.6") ? "DTM" : "TS") : "DT";
      const made = piecesOf(w, at, "TS", undefined, "OBX-5");
      return made === undefined ? undefined : { type, values: [made] };
    }
    case "valueTime":
      return { type: "TM", values: [[hl7TimeOfDay(String(value)) ?? ""]] };
    case "valuePeriod": {
      const made = piecesOf(w, at, "DR", undefined, "OBX-5");
      return made === undefined ? undefined : { type: "DR", values: [made] };
    }
    case "valueRange":
    case "valueRatio":
      return isNode(value) ? pair(w, at, value, name === "valueRange") : undefined;
    default:
      return undefined;
  }
}

/** A number is NM; one that is compared is SN. */
function quantity(w: Writing, at: At, value: Node): Result | undefined {
  const number = w.text(value, "value");
  if (number === "") return undefined;
  const comparator = w.text(value, "comparator");
  const unit = unitPieces(w, at, "OBX-6");
  return comparator === "" ? { type: "NM", values: [[number]], unit } : { type: "SN", values: [[comparator, number]], unit };
}

/** SN: `^1^:^40`, `^2^-^5`. */
function pair(w: Writing, at: At, value: Node, isRange: boolean): Result | undefined {
  const [first, second] = [w.node(value, isRange ? "low" : "numerator"), w.node(value, isRange ? "high" : "denominator")];
  const unit = first ?? second;
  const made = (node: Node | undefined) => (node === undefined ? "" : w.text(node, "value"));
  const comparator = first === undefined ? "" : w.text(first, "comparator");
  const parts = [comparator, made(first), isRange ? "-" : ":", made(second)];
  if (parts[1] === "" && parts[3] === "") return undefined;
  const units = unit === undefined ? [] : unitPieces(w, { ...at, value: unit }, "OBX-6");
  if (second !== undefined && second !== unit) {
    // One OBX-6 serves both; another unit beside it would be lost, and is told by staying unread.
    const same = (name: string) => second[name] === undefined || second[name] === unit?.[name];
    if (same("code") && same("unit") && same("system")) unitPieces(w, { ...at, value: second }, "OBX-6");
  }
  return { type: "SN", values: [parts], unit: units };
}

/** ST for a line, FT for several, TX for one that is longer than ST may be. */
function text(value: string): Result {
  if (/[\r\n]/.test(value)) return { type: "FT", values: [[new Lines(value)]] };
  return { type: value.length > 199 ? "TX" : "ST", values: [[value]] };
}

/** Data of the extension that R5 calls Observation.valueAttachment. */
function attached(w: Writing, node: Node): Result | undefined {
  const found = w.nodes(node, "extension").find(({ url }) => String(url).endsWith("/extension-Observation.valueAttachment"));
  const attachment = found && w.node(found, "valueAttachment");
  if (found === undefined || attachment === undefined) return undefined;
  w.graph.mark([[found, "url"]]);
  const made = attachmentPieces(w, attachment);
  return made === undefined ? undefined : { type: "ED", values: [made] };
}

/** HL7 table 0191 by the first part of a media type. */
const kinds: Readonly<Record<string, string>> = { image: "IM", audio: "AU", video: "VI", text: "TEXT", application: "AP" };

/** ED: what kind of data, and the data in Base64. */
export function attachmentPieces(w: Writing, attachment: Node): Repetition | undefined {
  if (typeof attachment["data"] !== "string") return undefined;
  const [top = "", subtype = ""] = w.text(attachment, "contentType").split(/[;/]/);
  return ["", kinds[top] ?? "AP", subtype, "Base64", w.text(attachment, "data")];
}

/** OBX-7: as it is written, else from its limits: `3.5-5.1`, `<5`, `>10`. */
export function writeRange(w: Writing, obx: SegmentDraft, node: Node): void {
  const [range] = w.nodes(node, "referenceRange");
  if (range === undefined || obx.has(7)) return;
  const written = w.text(range, "text");
  const limit = (name: string) => {
    const found = w.node(range, name);
    if (found === undefined) return "";
    w.graph.mark([[found, "unit"], [found, "code"], [found, "system"]]);
    return w.text(found, "value");
  };
  const [low, high] = [limit("low"), limit("high")];
  if (written !== "") obx.set(7, written);
  else if (low !== "" && high !== "") obx.set(7, `${low}-${high}`);
  else if (low !== "" || high !== "") obx.set(7, low === "" ? `<${high}` : `>${low}`);
}
