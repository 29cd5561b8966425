import { isNode, type Node } from "./graph.ts";
import type { Piece, Repetition } from "./pieces.ts";
import type { At } from "./path.ts";
import { fnPieces, nameOf } from "./person.ts";
import { hl7Time } from "./text.ts";
import type { Writing } from "./writing.ts";

/** HD (HL7 v2 chapter 2A): namespace, universal id and its type, out of the organization that assigned an identifier, or of the identifier's system. */
export function hdPieces(w: Writing, system: string, assigner: Node | undefined, root: Node): readonly string[] {
  if (assigner !== undefined) {
    const organization = w.behind({ value: assigner, holder: root, name: "assigner", root, marks: [], via: undefined }, "Organization");
    const own = organization === undefined ? [] : organization === assigner ? [] : organizationHd(w, organization);
    if (own.some((each) => each !== "")) return own;
  }
  const spoken = systemHd(w, system);
  if (spoken.length > 0 || assigner === undefined) return spoken;
  const name = w.text(assigner, "display");
  return name === "" ? [] : [name];
}

/** The system of an identifier, or the name that a message gave it where that is no URI. */
function authorityOf(w: Writing, identifier: Node): string {
  const beside = identifier["_system"];
  return w.text(identifier, "system") || (isNode(beside) ? w.extension(beside, "originalText", "valueString") : "");
}

function systemHd(w: Writing, system: string): readonly string[] {
  if (system === "") return [];
  const name = w.namespace(system);
  if (name !== undefined) return [name];
  return universal(system) ?? (/^[a-z][a-z0-9+.-]*:/i.test(system) ? ["", system, "URI"] : [system]);
}

function universal(uri: string): readonly string[] | undefined {
  const [, kind, id] = /^urn:(oid|uuid):(.+)$/.exec(uri) ?? [];
  return id === undefined ? undefined : ["", id, kind === "oid" ? "ISO" : "UUID"];
}

/** The HD of an organization, a location or a device: its identifier without a type is the namespace, the other its universal id. */
export function organizationHd(w: Writing, node: Node): readonly string[] {
  const out = ["", "", ""];
  for (const identifier of w.nodes(node, "identifier")) {
    const value = String(identifier["value"] ?? "");
    const type = w.node(identifier, "type");
    const coding = type && w.node(type, "coding");
    const known = identifier["system"] === "urn:ietf:rfc:3986" ? universal(value) : coding === undefined ? undefined : ["", value, String(coding["code"] ?? "")];
    if (known !== undefined && out[1] === "") {
      [out[1], out[2]] = [known[1] ?? "", known[2] ?? ""];
      if (coding !== undefined) w.graph.mark([[coding, "code"], [coding, "system"]]);
    } else if (known === undefined && out[0] === "") out[0] = value;
    else continue;
    w.graph.mark([[identifier, "value"], [identifier, "system"]]);
  }
  return out;
}

/** CX: value, check digit and scheme, authority, type of table 0203, and since when. */
export function cxPieces(w: Writing, at: At, type: string): Repetition | undefined {
  if (!isNode(at.value)) return undefined;
  const node = identifierOf(w, at);
  const value = node && w.text(node, "value");
  if (node === undefined || !value) return undefined;
  const authority = hdPieces(w, authorityOf(w, node), w.node(node, "assigner"), at.root);
  if (type === "EI") return [value, ...authority];
  // From 2.7 on CX.5 is required, and table 0203 has a code for what is not said.
  const kind = typeOfIdentifier(w, node) || (w.version.isFrom("2.7") ? "U" : "");
  const period = w.node(node, "period");
  return [value, w.extension(node, "identifier-checkDigit", "valueString"), w.extension(node, "namingsystem-checkDigit", "valueString"), authority, kind, "", day(w, period, "start"), day(w, period, "end")];
}

/** An identifier, or that of a reference. */
function identifierOf(w: Writing, at: At): Node | undefined {
  const node = at.value as Node;
  return "value" in node || !("identifier" in node) ? node : w.node(node, "identifier");
}

export function typeOfIdentifier(w: Writing, identifier: Node): string {
  const type = w.node(identifier, "type");
  const coding = type && w.nodes(type, "coding").find(({ system }) => system === undefined || String(system).endsWith("/v2-0203"));
  if (type === undefined || coding === undefined) return "";
  w.graph.mark([[coding, "system"], [coding, "display"]]);
  const code = w.text(coding, "code");
  if (type["text"] === code || type["text"] === coding["display"]) w.graph.mark([[type, "text"]]);
  return code;
}

function day(w: Writing, period: Node | undefined, name: string): string {
  return period === undefined ? "" : (hl7Time(w.text(period, name))?.slice(0, 8) ?? "");
}

/** DLN: number, issuer, until when. */
export function dlnPieces(w: Writing, at: At): Repetition | undefined {
  if (!isNode(at.value)) return undefined;
  const value = w.text(at.value, "value");
  if (value === "") return undefined;
  const [namespace = "", id = ""] = hdPieces(w, authorityOf(w, at.value), w.node(at.value, "assigner"), at.root);
  typeOfIdentifier(w, at.value);
  return [value, namespace || id, day(w, w.node(at.value, "period"), "end")];
}

/** XCN: a practitioner with one identifier (the national one first) and one name; a reference alone gives what it says. */
export function xcnPieces(w: Writing, at: At): Repetition | undefined {
  const person = practitionerAt(w, at);
  if (person === undefined) return undefined;
  const identifier = mainIdentifier(w, person);
  const name = nameOf(w, person);
  const authority = identifier && hdPieces(w, authorityOf(w, identifier), w.node(identifier, "assigner"), at.root);
  const id = identifier ? w.text(identifier, "value") : "";
  const out: Piece[] = [id];
  if (name !== undefined) {
    const given = w.texts(name, "given");
    [out[1], out[2], out[3], out[4], out[5]] = [fnPieces(w, name), given[0] ?? "", given.slice(1).join(" "), w.texts(name, "suffix").join(" "), w.texts(name, "prefix").join(" ")];
  } else out[1] = w.text(person, "display");
  const qualification = w.nodes(person, "qualification")[0];
  const degree = qualification && w.node(qualification, "code");
  const coding = degree && w.nodes(degree, "coding").find(({ system }) => system === undefined || /\/v2-0360(?:$|\|)/.test(String(system)));
  if (coding !== undefined) {
    w.graph.mark([[coding, "system"], [coding, "display"]]);
    out[6] = w.text(coding, "code");
  }
  if (authority !== undefined) out[8] = authority;
  if (identifier !== undefined) {
    out[10] = w.extension(identifier, "identifier-checkDigit", "valueString");
    out[11] = w.extension(identifier, "namingsystem-checkDigit", "valueString");
    out[12] = typeOfIdentifier(w, identifier);
  }
  return Array.from(out, (piece) => piece ?? "");
}

/** CNN inside NDL: a number and a name without authority. */
export function ndlPieces(w: Writing, at: At): Repetition | undefined {
  const [id = "", family = "", given = "", further = "", suffix = "", prefix = ""] = xcnPieces(w, at) ?? [];
  const plain = (piece: Piece) => (typeof piece === "string" ? piece : Array.isArray(piece) ? String(piece[0] ?? "") : "");
  const cnn = [id, family, given, further, suffix, prefix].map(plain);
  return cnn.every((each) => each === "") ? undefined : [cnn];
}

function practitionerAt(w: Writing, at: At): Node | undefined {
  const found = w.behind(at, "Practitioner", "PractitionerRole", "RelatedPerson", "Patient");
  if (found?.["resourceType"] !== "PractitionerRole") return found;
  const inner = w.node(found, "practitioner");
  return inner && w.behind({ value: inner, holder: found, name: "practitioner", root: found, marks: [], via: undefined }, "Practitioner");
}

function mainIdentifier(w: Writing, node: Node): Node | undefined {
  const all = w.nodes(node, "identifier").filter(({ value }) => typeof value === "string");
  return all.find(({ system }) => system === "http://hl7.org/fhir/sid/us-npi") ?? all[0];
}

/** XON: name and identifier of an organization. */
export function xonPieces(w: Writing, at: At): Repetition | undefined {
  const organization = w.behind(at, "Organization");
  if (organization === undefined) return undefined;
  const identifier = mainIdentifier(w, organization);
  const value = identifier ? w.text(identifier, "value") : "";
  const authority = identifier ? hdPieces(w, authorityOf(w, identifier), w.node(identifier, "assigner"), organization) : [];
  const name = w.text(organization, "name") || w.text(organization, "display");
  if (name === "" && value === "") return undefined;
  // XON.10 came with 2.5; before it the number stands in XON.3, which is numeric.
  const isOld = w.version.components("XON").length < 10;
  const number = isOld && /^\d+$/.test(value) ? value : "";
  return [name, "", number, "", "", authority, identifier ? typeOfIdentifier(w, identifier) : "", "", "", isOld ? "" : value];
}
