import { EngineError } from "../../sdk/error.ts";
import { Body } from "./body.ts";
import type { Node } from "./graph.ts";
import { observationSegments, reportedForms, Results } from "./observation.ts";
import { kinSegments, patientOf, patientSegments, visitSegments } from "./patient.ts";
import { type From, SegmentDraft } from "./segment.ts";
import type { Writing } from "./writing.ts";

/** ORU^R01: a PATIENT_RESULT for each patient and visit, an ORDER_OBSERVATION for each report, and for each observation that no report has. */
export function oru(w: Writing): Body {
  const body = new Body();
  const patients = new Map<Node, Map<Node | undefined, { readonly body: Body; orders: number }>>();
  const groupFor = (resource: Node) => {
    const patient = patientOf(w, resource, "subject");
    const encounter = pointed(w, resource, "encounter", "Encounter");
    const visits = patients.get(patient) ?? new Map<Node | undefined, { readonly body: Body; orders: number }>();
    patients.set(patient, visits);
    // What names no visit stands with what else is known of the patient.
    let group = visits.get(encounter) ?? (encounter === undefined ? [...visits.values()][0] : undefined);
    if (group === undefined) {
      group = { body: body.group("PATIENT_RESULT"), orders: 0 };
      visits.set(encounter, group);
      const own = group.body.group("PATIENT");
      patientSegments(w, patient, own);
      kinSegments(w, patient, own);
      if (encounter !== undefined) visitSegments(w, encounter, own.group("VISIT"));
    }
    return group;
  };
  const results = new Results(w);
  if (w.graph.of("DiagnosticReport").length === 0 && w.graph.of("Observation").length === 0) throw new EngineError("MAP-001");
  for (const report of w.graph.of("DiagnosticReport")) {
    const group = groupFor(report);
    order(w, group.body.group("ORDER_OBSERVATION"), ++group.orders, report, results.of(report), results);
  }
  for (const observation of results.loose()) {
    const group = groupFor(observation);
    order(w, group.body.group("ORDER_OBSERVATION"), ++group.orders, observation, results.below(observation), results);
  }
  return body;
}

function order(w: Writing, body: Body, n: number, about: Node, observations: readonly Node[], results: Results): void {
  w.graph.release();
  const isReport = about["resourceType"] === "DiagnosticReport";
  const request = pointed(w, about, "basedOn", "ServiceRequest") ?? observations.map((each) => pointed(w, each, "basedOn", "ServiceRequest")).find((each) => each !== undefined);
  const specimens = [...new Set([about, ...observations].flatMap((each) => allPointed(w, each, "specimen", "Specimen")))];
  const from: From[] = [{ map: isReport ? "OBR[DiagnosticReport]" : "OBR[Observation]", root: about }];
  if (request !== undefined) {
    w.graph.markAll(request, "subject", "encounter");
    const orc = new SegmentDraft(w, "ORC").fill({ map: "ORC[ServiceRequest]", root: request }, ...(isReport ? [{ map: "ORC[DiagnosticReport]", root: about }] : []));
    body.add(orc.text());
    from.push({ map: "OBR[ServiceRequest]", root: request });
  }
  for (const specimen of specimens) {
    w.graph.markAll(specimen, "subject");
    from.push({ map: "OBR[Specimen]", root: specimen });
  }
  body.add(new SegmentDraft(w, "OBR").set(1, String(n)).fill(...from).text());
  const conclusion = isReport ? w.text(about, "conclusion") : "";
  if (conclusion !== "") body.add(note(w, 1, conclusion));
  if (request !== undefined) annotations(w, body, request, w.nodes(request, "note"));
  if (isReport) {
    annotations(w, body, about, w.nodes(about, "extension").filter(({ url }) => String(url).endsWith("/extension-DiagnosticReport.note")).flatMap((each) => w.nodes(each, "valueAnnotation")));
    reportedForms(w, about, body);
  }
  for (const each of observations) observationSegments(w, each, { body, report: isReport ? about : undefined, isOrder: each === about });
  // Answers to questions that were asked with the order.
  const asked = request === undefined ? [] : allPointed(w, request, "supportingInfo", "Observation").flatMap((each) => results.below(each));
  for (const each of asked) observationSegments(w, each, { body, isAsked: true });
  let count = 0;
  for (const specimen of specimens) {
    const spm = new SegmentDraft(w, "SPM").fill({ map: "SPM[Specimen]", root: specimen });
    // A specimen without a type has no SPM: what is known of it stands in the OBR.
    if (!spm.has(4)) continue;
    const place = body.group("SPECIMEN").add(spm.set(1, String(++count)).text());
    const inner = w.version.isFrom("2.7") ? place.group("SPECIMEN_OBSERVATION") : place;
    for (const each of results.about(specimen)) observationSegments(w, each, { body: inner, isFlat: true });
  }
}

/** NTE after the OBR. */
function annotations(w: Writing, body: Body, root: Node, notes: readonly Node[]): void {
  for (const each of notes) body.add(new SegmentDraft(w, "NTE").set(1, String(body.count("NTE") + 1)).fill({ map: "NTE[Observation]", root, base: each }).text());
}

export function note(w: Writing, n: number, text: string): string | undefined {
  return new SegmentDraft(w, "NTE").set(1, String(n)).setText(3, text).text();
}

function allPointed(w: Writing, resource: Node, name: string, type: string): readonly Node[] {
  return w.nodes(resource, name).flatMap((reference) => {
    const found = w.graph.resolve(reference, resource);
    if (found?.["resourceType"] !== type) return [];
    w.graph.mark([[reference, "reference"], [reference, "type"], [reference, "display"]]);
    return [found];
  });
}

function pointed(w: Writing, resource: Node, name: string, type: string): Node | undefined {
  return allPointed(w, resource, name, type)[0];
}
