import { originalCode } from "./coded.ts";
import { isNode, type Node } from "./graph.ts";
import type { At } from "./path.ts";
import { none, type Piece, type Repetition } from "./pieces.ts";
import { hl7Time } from "./text.ts";
import type { Writing } from "./writing.ts";

/** The code of a table for a primitive below a node; nothing for one that the table lacks, which is told. */
function coded(w: Writing, node: Node, name: string, table: string, field: string): string {
  const original = originalCode(w, node, name, table);
  if (original !== undefined) return original;
  const value = node[name];
  if (typeof value !== "string") return "";
  const vocabulary = w.vocabulary(table);
  for (const codes of Object.values(vocabulary?.codes ?? {})) if (Object.hasOwn(codes, value)) return w.text(node, name) && (codes[value] as string);
  w.tell("MAP-303", field);
  return "";
}

function times(w: Writing, node: Node): readonly [string, string] {
  const period = w.node(node, "period");
  return period === undefined ? ["", ""] : [hl7Time(w.text(period, "start")) ?? "", hl7Time(w.text(period, "end")) ?? ""];
}

/** The name to call a practitioner by: the official one, else the first. */
export function nameOf(w: Writing, node: Node): Node | undefined {
  const names = w.nodes(node, "name");
  return names.find(({ use }) => use === "official") ?? names[0];
}

/** FN: surname, and its parts that extensions tell; a name of words alone stands there whole. */
export function fnPieces(w: Writing, name: Node): Piece {
  const family = w.text(name, "family");
  const beside = name["_family"];
  const part = (which: string) => (isNode(beside) ? w.extension(beside, which, "valueString") : "");
  if (family === "" && name["given"] === undefined) return w.text(name, "text");
  if (typeof name["text"] === "string") w.graph.mark([[name, "text"]]);
  return [family, part("humanname-own-prefix"), part("humanname-own-name"), part("humanname-partner-prefix"), part("humanname-partner-name")];
}

/** XPN: name, its type of table 0200, and since when. */
export function xpnPieces(w: Writing, at: At, field: string): Repetition | undefined {
  // The mother's maiden name is a word alone.
  if (typeof at.value === "string") {
    w.graph.mark(at.marks);
    return [[at.value]];
  }
  if (!isNode(at.value)) return undefined;
  const name = at.value;
  const given = w.texts(name, "given");
  const suffix = w.texts(name, "suffix");
  const [start, end] = times(w, name);
  // A former name stands in the field of former names, which says it.
  const type = name["use"] === "old" ? w.text(name, "use") && "" : coded(w, name, "use", "NameType", field);
  const order = w.extension(name, "humanname-assembly-order", "valueCode");
  return [fnPieces(w, name), given[0] ?? "", given.slice(1).join(" "), suffix.filter((_, i) => i !== 1).join(" "), w.texts(name, "prefix").join(" "), suffix[1] ?? "", type, "", "", "", order, start, end];
}

/** XAD: street lines, place, and what kind of address. */
export function xadPieces(w: Writing, at: At, field: string): Repetition | undefined {
  if (!isNode(at.value)) return undefined;
  const address = at.value;
  const lines = w.texts(address, "line");
  const isPlain = lines.length === 0 && ["city", "state", "postalCode", "country", "district"].every((each) => address[each] === undefined);
  const street = isPlain ? w.text(address, "text") : (lines[0] ?? "");
  if (!isPlain && typeof address["text"] === "string") w.graph.mark([[address, "text"]]);
  const isPostal = address["type"] === "postal" && address["use"] === undefined;
  const kind = isPostal ? coded(w, address, "type", "AddressType[Type]", field) : coded(w, address, "use", "AddressType[Use]", field);
  const [start, end] = times(w, address);
  const beside = w.nodes(address, "_line")[0];
  const tract = w.extension(address, "iso21090-ADXP-censusTract", "valueString") || (beside ? w.extension(beside, "iso21090-ADXP-censusTract", "valueString") : "");
  return [
    [street], lines.slice(1).join(", "), w.text(address, "city"), w.text(address, "state"), w.text(address, "postalCode"), w.text(address, "country"), kind, "",
    w.text(address, "district"), tract, "", "", start, end,
  ];
}

/** HL7 table 0202; an address of the web has no code there. */
const equipment: Readonly<Record<string, string>> = { phone: "PH", fax: "FX", email: "Internet", pager: "BP" };

/** XTN: a number as it is written, in its parts where extensions tell them, or an address of mail. */
export function xtnPieces(w: Writing, at: At, field: string): Repetition | undefined {
  if (!isNode(at.value)) return undefined;
  const point = at.value;
  // A page is no place to call.
  if (point["system"] === "url") return undefined;
  const value = w.text(point, "value");
  if (value === "") return undefined;
  const system = w.text(point, "system");
  if (system === "sms" || system === "other") w.tell("MAP-303", field);
  const beside = point["_system"];
  if (isNode(beside)) w.graph.markAll(beside, "extension");
  const isMobile = point["use"] === "mobile";
  const use = isMobile ? w.text(point, "use") && "PRN" : system === "email" && point["use"] === undefined ? "NET" : coded(w, point, "use", "TelecommunicationUseCode", field);
  const [start, end] = times(w, point);
  const code = isMobile && (system === "phone" || system === "") ? "CP" : (equipment[system] ?? "");
  // From 2.7 on XTN.3 is required, and table 0202 has no code for what is not said.
  const kind = code === "" && w.version.isFrom("2.7") ? none : code;
  if (system === "email") return ["", use, kind, value, "", "", "", "", "", "", "", "", start, end];
  const [country, area, local, extension] = ["country", "area", "local", "extension"].map((part) => w.extension(point, `contactpoint-${part}`, "valueString")) as [string, string, string, string];
  const isInParts = local !== "" && [country, area, local, extension].every((each) => /^\d*$/.test(each));
  // XTN.1 was withdrawn with 2.7, where XTN.12 has the number as it is dialled.
  const isNew = w.version.isFrom("2.7");
  return [isInParts || isNew ? "" : value, use, kind, "", ...(isInParts ? [country, area, local, extension] : ["", "", "", ""]), "", "", "", isNew && !isInParts ? value : "", start, end, "", "", "", w.text(point, "rank")];
}
