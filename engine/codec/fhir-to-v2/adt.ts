import { EngineError } from "../../sdk/error.ts";
import { Body } from "./body.ts";
import type { Node } from "./graph.ts";
import { eventSegment } from "./header.ts";
import { observationSegments } from "./observation.ts";
import { codesIn, kinSegments, patientOf, patientSegments, visitSegments } from "./patient.ts";
import { SegmentDraft } from "./segment.ts";
import type { Writing } from "./writing.ts";

/** ADT: one patient, and the visit that the event is about. */
export function adt(w: Writing, event: string, now: number): Body {
  const encounters = w.graph.of("Encounter").filter((each) => !w.graph.isContained(each));
  if (encounters.length > 1) throw new EngineError("MAP-003", { type: "Encounter" });
  const [encounter] = encounters;
  const patient = patientOf(w, encounter, "subject");
  const body = new Body().add(eventSegment(w, event, now));
  patientSegments(w, patient, body);
  kinSegments(w, patient, body);
  if (encounter !== undefined) visitSegments(w, encounter, body);
  // HL7 table 0004: a patient without a visit.
  else body.add(new SegmentDraft(w, "PV1").set(1, "1").set(2, "N").text());
  for (const observation of w.graph.of("Observation")) observationSegments(w, observation, { body, isFlat: true });
  for (const allergy of w.graph.of("AllergyIntolerance").filter(holds)) allergySegment(w, allergy, body);
  diagnosisSegments(w, encounter, body);
  return body;
}

/** AL1 and DG1 have no word for what is over or was refuted: such a one is not written. A diagnosis that was wrong is taken back by DG1-21. */
function holds(resource: Node): boolean {
  const [clinical = "active"] = codesIn(resource, "clinicalStatus");
  return !["inactive", "resolved", "remission"].includes(clinical) && !codesIn(resource, "verificationStatus").some((each) => each === "refuted" || each === "entered-in-error");
}

function allergySegment(w: Writing, allergy: Node, body: Body): void {
  w.graph.markAll(allergy, "patient", "encounter");
  body.add(new SegmentDraft(w, "AL1").set(1, String(body.count("AL1") + 1)).fill({ map: "AL1[AllergyIntolerance]", root: allergy }).text());
}

/** DG1: diagnoses of the visit in their order, then what else is the matter. */
export function diagnosisSegments(w: Writing, encounter: Node | undefined, body: Body): void {
  const ranked = (encounter === undefined ? [] : w.nodes(encounter, "diagnosis")).flatMap((diagnosis) => {
    const reference = w.node(diagnosis, "condition");
    const condition = reference && encounter && w.graph.resolve(reference, encounter);
    if (reference === undefined || condition?.["resourceType"] !== "Condition") return [];
    w.graph.mark([[reference, "reference"], [reference, "type"], [reference, "display"]]);
    return [{ condition, diagnosis }];
  });
  const rest = w.graph.of("Condition").filter((each) => !ranked.some(({ condition }) => condition === each)).map((condition) => ({ condition, diagnosis: undefined }));
  for (const { condition, diagnosis } of [...ranked, ...rest]) {
    const isWrong = codesIn(condition, "verificationStatus").includes("entered-in-error") && w.version.field("DG1", 21) !== undefined;
    if (!holds(condition) && !isWrong) continue;
    w.graph.markAll(condition, "subject", "encounter");
    const dg1 = new SegmentDraft(w, "DG1").set(1, String(body.count("DG1") + 1));
    if (diagnosis !== undefined && encounter !== undefined) dg1.fill({ map: "DG1[Encounter]", root: encounter, base: diagnosis });
    body.add(dg1.fill({ map: "DG1[Condition]", root: condition }).text());
  }
}
