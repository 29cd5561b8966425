import type { JsonTree, Node, ObjectNode } from "../json/index.ts";
import { nothing, type Order, type Patient, type Report, type Result, type Said, type Specimen, squeezed } from "./report.ts";

/** Reads the results of a FHIR R4 resource: Patient, DiagnosticReport, Observation with its components, and Specimen, alone, contained or in a Bundle. Numbers stay as they are written. */
export function reportOfFhir(tree: Pick<JsonTree, "root">): Report {
  const patients: Patient[] = [];
  const orders: Order[] = [];
  const results: Result[] = [];
  const specimens: Specimen[] = [];
  const comments: string[] = [];
  const identifiers = new Set<string>();
  const visit = (node: Node | undefined, path: string): void => {
    if (node?.kind !== "object") return;
    for (const [i, each] of list(node.members.get("entry")).entries()) visit(child(each, "resource"), `${path}entry[${i}].resource.`);
    for (const [i, each] of list(node.members.get("contained")).entries()) visit(each, `${path}contained[${i}].`);
    const type = text(node, "resourceType");
    if (type === "Observation" || type === "DiagnosticReport") comments.push(...list(node.members.get("note")).map((note) => text(note, "text")), text(node, "conclusion"));
    const at = path === "" ? type : path.slice(0, -1);
    if (type === "Patient") patients.push(patientOf(node, at));
    else if (type === "DiagnosticReport") orders.push({ path: at, numbers: identifiersOf(node), code: concept(node.members.get("code")), status: text(node, "status"), time: timeOf(node, "effective") });
    else if (type === "Observation") results.push(...resultsOf(node, path));
    else if (type === "Specimen") specimens.push({ path: at, what: "", time: timeOf(child(node, "collection"), "collected") });
  };
  visit(tree.root, "");
  collect(tree.root, identifiers);
  let words: string | undefined;
  return { form: "fhir", patients, orders, results, comments: comments.filter((each) => each !== ""), specimens, identifiers, words: () => (words ??= scalars(tree.root).map(squeezed).join("\n")) };
}

function patientOf(node: ObjectNode, path: string): Patient {
  const families = list(node.members.get("name")).map((name) => text(name, "family")).filter((family) => family !== "");
  return { path, ids: identifiersOf(node), others: [], families, birth: text(node, "birthDate").replace(/\D/g, "") };
}

/** The Observation where it has a value or says why not, and each of its components. */
function resultsOf(node: ObjectNode, path: string): Result[] {
  const status = text(node, "status");
  const time = timeOf(node, "effective") || text(node, "issued");
  const own = (part: ObjectNode, at: string, n: number): Result => {
    const name = [...part.members.keys()].find((key) => /^value[A-Z]/.test(key));
    const value = name === undefined ? undefined : part.members.get(name);
    const interpretation = list(part.members.get("interpretation"));
    return {
      path: at, code: concept(part.members.get("code")), subId: n === 0 ? "" : String(n), type: name ?? "", status, reported: "", time, isOwnTime: true,
      value: value === undefined ? nothing : writtenValue(value),
      unit: unitOf(value),
      range: rangeOf(list(part.members.get("referenceRange"))),
      flags: { codes: interpretation.flatMap((each) => codesOf(each)), texts: interpretation.flatMap(scalars), whole: JSON.stringify(interpretation.map(scalars)) },
    };
  };
  const components = list(node.members.get("component")).filter((each) => each.kind === "object");
  const isGroup = ![...node.members.keys()].some((key) => /^value[A-Z]/.test(key)) && (components.length > 0 || node.members.has("hasMember"));
  const at = path === "" ? "Observation" : path.slice(0, -1);
  const parts = components.map((each, i) => own(each, `${path}component[${i}]`, i + 1));
  const [first, ...others] = parts;
  // Components of one code are the repetitions of one value.
  if (first && isGroup && parts.every(({ code }) => code.whole === first.code.whole)) return [{ ...own(node, at, 0), code: first.code, type: first.type, unit: first.unit, value: together(parts) }];
  return [...(isGroup ? [] : [own(node, at, 0)]), ...(first ? [first, ...others] : [])];
}

function together(parts: readonly Result[]): Said {
  const values = parts.map(({ value }) => value);
  return { codes: values.flatMap(({ codes }) => codes), texts: [values.map(({ texts }) => texts[0] ?? "").join("~"), ...values.flatMap(({ texts }) => texts)], whole: JSON.stringify(values.map(({ whole }) => whole)) };
}

/** Every way in which a value can be written as text: with its comparator, as a range, a ratio, codes and their names. */
function writtenValue(node: Node): Said {
  const all = scalars(node);
  const number = (part: Node | undefined) => `${text(part, "comparator")}${text(part, "value")}`;
  const pairs: readonly [string, string, string][] = [["low", "-", "high"], ["numerator", ":", "denominator"]];
  const written = node.kind === "object" ? [number(node), ...pairs.map(([a, mark, b]) => (child(node, a) && child(node, b) ? `${number(child(node, a))}${mark}${number(child(node, b))}` : ""))].filter((each) => each !== "") : [];
  return { codes: codesOf(node), texts: [...written, ...all], whole: JSON.stringify(all) };
}

function unitOf(value: Node | undefined): Said {
  const quantities = [value, child(value, "low"), child(value, "high"), child(value, "numerator")].filter((each) => each?.kind === "object");
  const texts = quantities.flatMap((each) => [text(each, "code"), text(each, "unit")]).filter((each) => each !== "");
  return { codes: texts, texts, whole: JSON.stringify(texts) };
}

function rangeOf(ranges: readonly Node[]): Said {
  const texts = ranges.flatMap((range) => {
    const [low, high] = [text(child(range, "low"), "value"), text(child(range, "high"), "value")];
    return [text(range, "text"), low && high ? `${low}-${high}` : low ? `>${low}` : high ? `<${high}` : ""].filter((each) => each !== "");
  });
  return { codes: [], texts, whole: JSON.stringify(ranges.map(scalars)) };
}

function concept(node: Node | undefined): Said {
  return node === undefined ? nothing : { codes: codesOf(node), texts: scalars(node), whole: JSON.stringify(scalars(node)) };
}

function codesOf(node: Node): readonly string[] {
  return list(child(node, "coding")).map((coding) => text(coding, "code")).filter((code) => code !== "");
}

function timeOf(node: Node | undefined, name: string): string {
  return text(node, `${name}DateTime`) || text(node, `${name}Instant`) || text(child(node, `${name}Period`), "start");
}

function identifiersOf(node: Node): readonly string[] {
  return list(child(node, "identifier")).map((each) => text(each, "value")).filter((value) => value !== "");
}

function collect(node: Node, found: Set<string>): void {
  if (node.kind === "array") for (const item of node.items) collect(item, found);
  if (node.kind !== "object") return;
  for (const [key, member] of node.members) {
    if (/identifier$/i.test(key) || key === "requisition") for (const each of list(member)) if (text(each, "value") !== "") found.add(text(each, "value"));
    collect(member, found);
  }
}

function scalars(node: Node): readonly string[] {
  if (node.kind === "array") return node.items.flatMap(scalars);
  if (node.kind === "object") return [...node.members.values()].flatMap(scalars);
  return node.kind === "null" || node.text === "" ? [] : [node.text];
}

function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "object" ? node.members.get(key) : undefined;
}

/** An element, or those of an array. */
function list(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : node.kind === "array" ? node.items : [node];
}

function text(node: Node | undefined, key: string): string {
  const found = child(node, key);
  return found !== undefined && "text" in found && found.kind !== "null" ? found.text : "";
}
