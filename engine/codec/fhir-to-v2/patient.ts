import { EngineError } from "../../sdk/error.ts";
import type { Body } from "./body.ts";
import { isNode, listOf, type Node } from "./graph.ts";
import { SegmentDraft } from "./segment.ts";
import type { Writing } from "./writing.ts";

/** The patient that a resource is about: what the reference points to, else what the reference itself says, else the only patient there is. */
export function patientOf(w: Writing, resource: Node | undefined, name: string, root = resource): Node {
  const reference = resource && w.node(resource, name);
  if (resource !== undefined && reference !== undefined) {
    const found = w.graph.resolve(reference, root ?? resource);
    if (found?.["resourceType"] === "Patient") {
      w.graph.mark([[reference, "reference"], [reference, "type"], [reference, "display"]]);
      return found;
    }
    const identifier = w.node(reference, "identifier");
    const display = w.text(reference, "display");
    if (identifier !== undefined) return said(w, identifier, display);
  }
  const all = w.graph.of("Patient");
  if (all.length > 1) throw new EngineError("MAP-003", { type: "Patient" });
  // A result or visit of somebody else is not given to the one who happens to be there.
  if (all[0] !== undefined && (reference === undefined || reference["reference"] === undefined)) return all[0];
  throw new EngineError("MAP-002", { field: "PID-3" });
}

/** A patient of whom only a reference tells. */
function said(w: Writing, identifier: Node, display: string): Node {
  let patient = w.spokenOf.get(identifier);
  if (patient === undefined) {
    patient = { resourceType: "Patient", identifier: [identifier], ...(display === "" ? {} : { name: [{ text: display }] }) };
    w.spokenOf.set(identifier, patient);
  }
  w.graph.mark([[patient, "resourceType"]]);
  return patient;
}

/** PID and PD1. */
export function patientSegments(w: Writing, patient: Node, body: Body, n = 1): void {
  w.graph.release();
  body.add(new SegmentDraft(w, "PID").set(1, String(n)).fill({ map: "PID[Patient]", root: patient }).text());
  const pd1 = new SegmentDraft(w, "PD1").fill({ map: "PD1[Patient]", root: patient });
  if (!pd1.isEmpty) body.add(pd1.text());
}

/** NK1: those related to the patient, and contacts that are not among them. */
export function kinSegments(w: Writing, patient: Node, body: Body): void {
  w.graph.release();
  const related = w.graph.of("RelatedPerson").filter((each) => {
    const reference = w.node(each, "patient");
    return reference !== undefined && w.graph.resolve(reference, each) === patient;
  });
  const names = new Set<string>();
  const ways = new Set<string>();
  for (const person of related) {
    w.graph.markAll(person, "patient");
    for (const name of w.nodes(person, "name")) names.add(wordsOf(name));
    for (const way of [...w.nodes(person, "address"), ...w.nodes(person, "telecom")]) ways.add(JSON.stringify(way));
    body.add(new SegmentDraft(w, "NK1").set(1, String(body.count("NK1") + 1)).fill({ map: "NK1[RelatedPerson]", root: person }).text());
  }
  for (const contact of w.nodes(patient, "contact")) {
    const name = w.node(contact, "name");
    // The map from HL7 v2 makes both of one NK1.
    const isKnown = name === undefined ? [...w.nodes(contact, "address"), ...w.nodes(contact, "telecom")].every((way) => ways.has(JSON.stringify(way))) : names.has(wordsOf(name));
    if (related.length > 0 && isKnown) w.graph.markAll(contact, ...Object.keys(contact));
    else body.add(new SegmentDraft(w, "NK1").set(1, String(body.count("NK1") + 1)).fill({ map: "NK1[Patient]", root: patient, base: contact }).text());
  }
}

function wordsOf(name: Node): string {
  return JSON.stringify([name["family"], name["given"], name["text"]]);
}

/** PV1 and PV2. */
export function visitSegments(w: Writing, encounter: Node, body: Body): void {
  w.graph.release();
  w.graph.markAll(encounter, "subject");
  body.add(new SegmentDraft(w, "PV1").set(1, "1").fill({ map: "PV1[Encounter]", root: encounter }).text());
  const pv2 = new SegmentDraft(w, "PV2").fill({ map: "PV2[Encounter]", root: encounter });
  if (!pv2.isEmpty) body.add(pv2.text());
  // Which event it is says the status.
  w.graph.mark([[encounter, "status"]]);
}

/** The codes of a concept, whatever their systems. */
export function codesIn(resource: Node, name: string): readonly string[] {
  return listOf(resource[name]).filter(isNode).flatMap((concept) => listOf(concept["coding"]).filter(isNode).map(({ code }) => String(code)));
}
