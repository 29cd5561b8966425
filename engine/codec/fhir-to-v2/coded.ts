import { isNode, type Node } from "./graph.ts";
import type { At } from "./path.ts";
import type { Piece, Repetition } from "./pieces.ts";
import { primitiveText } from "./text.ts";
import type { Writing } from "./writing.ts";

interface Coded {
  readonly code: string;
  readonly display: string;
  /** Name of the code system in HL7 v2. */
  readonly system: string;
  readonly version: string;
}

/** CE, CWE and CNE (HL7 v2 chapter 2A): the coding that the vocabulary map knows first, then those beside it, then the text. */
export function conceptPieces(w: Writing, at: At, type: string, table: string | undefined, field: string): Repetition | undefined {
  const primitive = codeOf(w, at, table, field);
  if (primitive !== undefined) return primitive === "" ? undefined : [primitive, "", table ? tableName(w, table) : ""];
  if (!isNode(at.value)) return undefined;
  const room = w.version.components(type).length;
  const codings = ordered(w, codingsOf(w, at.value), table).slice(0, room >= 12 ? 3 : 2);
  const coded = codings.map((each) => codedOf(w, each, table, field));
  const out: Piece[] = [];
  for (const [i, { code, display, system, version }] of coded.entries()) {
    const from = i === 2 ? 9 : i * 3;
    [out[from], out[from + 1], out[from + 2]] = [code, display, system];
    const versionAt = [6, 7, 12][i] as number;
    if (version !== "" && room > versionAt) out[versionAt] = version;
  }
  const text = textOf(w, at, coded);
  if (text !== "") {
    if (coded.length > 0 && out[1] === "") out[1] = text;
    else if (coded.length === 0) out[1] = text;
    else if (room >= 9) out[8] = text;
    else w.tell("MAP-301", `${field}.9`);
  }
  return Array.from(out, (piece) => piece ?? "");
}

/** IS and ID: a code alone. One of a system that the field does not speak would mean something else there. */
export function codePieces(w: Writing, at: At, table: string | undefined, field: string): Repetition | undefined {
  const primitive = codeOf(w, at, table, field);
  if (primitive !== undefined) return primitive === "" ? undefined : [primitive];
  if (!isNode(at.value)) return undefined;
  for (const coding of ordered(w, codingsOf(w, at.value), table)) {
    const system = String(coding["system"] ?? "");
    const known = translated(w, coding, table);
    if (known === undefined && system !== "" && !/\/CodeSystem\/v2-\d{4}$/.test(system) && !isOriginal(coding)) continue;
    const code = known ?? w.text(coding, "code");
    if (code === "") continue;
    w.graph.mark([[coding, "code"], [coding, "system"], [coding, "display"]]);
    textOf(w, at, [{ code, display: String(coding["display"] ?? ""), system: "", version: "" }]);
    return [code];
  }
  if (codingsOf(w, at.value).length > 0) w.tell("MAP-303", field);
  return undefined;
}

/** The words of a concept, for a field of plain text. */
export function conceptText(w: Writing, at: At): string {
  if (!isNode(at.value)) return primitiveText(at.value);
  const text = w.text(at.value, "text");
  const [coding] = codingsOf(w, at.value);
  if (coding === undefined) return text || w.text(at.value, "display");
  const word = text || w.text(coding, "display") || w.text(coding, "code");
  if (String(coding["display"] ?? "") === word) w.graph.mark([[coding, "display"]]);
  return word;
}

/** A primitive code: what the message said before it was mapped, else by the vocabulary map. Nothing when it is no primitive. */
function codeOf(w: Writing, at: At, table: string | undefined, field: string): string | undefined {
  if (isNode(at.value)) return undefined;
  const original = originalCode(w, at.holder, at.name, table);
  if (original !== undefined) return original;
  if (at.value === undefined) return "";
  const text = primitiveText(at.value);
  w.graph.mark(at.marks);
  const vocabulary = table === undefined ? undefined : w.vocabulary(table);
  if (vocabulary === undefined) return text;
  const wanted = typeof at.value === "boolean" ? String(at.value) : text;
  for (const codes of Object.values(vocabulary.codes)) if (Object.hasOwn(codes, wanted)) return codes[wanted] as string;
  if (Object.keys(vocabulary.codes).length === 0) return text;
  if (wanted !== "unknown") w.tell("MAP-303", field);
  return "";
}

/** The code of this table that a message had before it was mapped, where FHIR has no code for it. */
export function originalCode(w: Writing, holder: Node, name: string, table: string | undefined): string | undefined {
  const beside = holder[`_${name}`];
  const original = isNode(beside) ? w.nodes(beside, "extension").find(({ url }) => String(url).endsWith("/alternate-codes")) : undefined;
  const concept = original && w.node(original, "valueCodeableConcept");
  const coding = concept && w.node(concept, "coding");
  const number = table === undefined ? "" : (w.vocabulary(table)?.table ?? "");
  if (coding === undefined || (number !== "" && coding["system"] !== undefined && !String(coding["system"]).endsWith(`/v2-${number}`))) return undefined;
  w.graph.mark([[holder, name], [coding, "system"]]);
  return w.text(coding, "code");
}

/** Codings of a concept; a Coding is one, and the name of a reference is a word alone. */
function codingsOf(w: Writing, node: Node): readonly Node[] {
  const all = w.nodes(node, "coding");
  return all.length > 0 || !("code" in node || "system" in node) ? all : [node];
}

function ordered(w: Writing, codings: readonly Node[], table: string | undefined): readonly Node[] {
  const first = codings.find((each) => translated(w, each, table) !== undefined);
  return first === undefined ? codings : [first, ...codings.filter((each) => each !== first)];
}

/** The code of the HL7 table of the vocabulary map. */
function translated(w: Writing, coding: Node, table: string | undefined): string | undefined {
  const vocabulary = table === undefined ? undefined : w.vocabulary(table);
  const code = String(coding["code"] ?? "");
  const system = String(coding["system"] ?? "");
  if (vocabulary === undefined || code === "") return undefined;
  if (vocabulary.table !== "" && system.endsWith(`/v2-${vocabulary.table}`)) return code;
  const codes = Object.hasOwn(vocabulary.codes, system) ? vocabulary.codes[system] : undefined;
  return codes !== undefined && Object.hasOwn(codes, code) ? codes[code] || undefined : undefined;
}

function codedOf(w: Writing, coding: Node, table: string | undefined, field: string): Coded {
  const known = translated(w, coding, table);
  const display = w.text(coding, "display");
  const version = w.text(coding, "version");
  const uri = w.text(coding, "system");
  const code = w.text(coding, "code");
  if (known !== undefined) return { code: known, display, system: table ? tableName(w, table) : "", version: "" };
  return { code, display, system: systemOf(w, coding, uri, field), version };
}

/** CWE.3: the name of the code system, an OID, what the message called it, else the URI itself, which is told. */
export function systemOf(w: Writing, coding: Node, uri: string, field: string): string {
  if (uri === "") return isOriginal(coding) ? w.extension(coding["_system"] as Node, "originalText", "valueString") : "";
  const name = w.systemName(uri) ?? /^urn:oid:([\d.]+)$/.exec(uri)?.[1];
  if (name !== undefined) return name;
  w.tell("MAP-304", field);
  return uri;
}

/** Whether the name of its code system stands beside it as a message wrote it. */
function isOriginal(coding: Node): boolean {
  const beside = coding["_system"];
  return isNode(beside) && JSON.stringify(beside).includes("/originalText");
}

/** The text of a concept, unless a coding already says it. */
function textOf(w: Writing, at: At, coded: readonly Coded[]): string {
  const node = at.value as Node;
  const name = "text" in node ? "text" : coded.length === 0 && "display" in node ? "display" : "";
  const text = name === "" ? "" : w.text(node, name);
  return coded.some(({ code, display }) => text === display || text === code) ? "" : text;
}

function tableName(w: Writing, table: string): string {
  const number = w.vocabulary(table)?.table ?? "";
  return number === "" ? "" : `HL7${number}`;
}
