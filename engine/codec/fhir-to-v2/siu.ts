import { EngineError } from "../../sdk/error.ts";
import { Body } from "./body.ts";
import type { Node } from "./graph.ts";
import { diagnosisSegments } from "./adt.ts";
import { observationSegments } from "./observation.ts";
import { note } from "./oru.ts";
import { patientOf, patientSegments, visitSegments } from "./patient.ts";
import { SegmentDraft } from "./segment.ts";
import type { Writing } from "./writing.ts";

/** SIU: one appointment, who comes, and what is booked for it. */
export function siu(w: Writing): Body {
  const [appointment, other] = w.graph.of("Appointment");
  if (appointment === undefined) throw new EngineError("MAP-001");
  if (other !== undefined) throw new EngineError("MAP-003", { type: "Appointment" });
  const body = new Body();
  body.add(new SegmentDraft(w, "SCH").fill({ map: "SCH[Appointment]", root: appointment }).text());
  // SCH-11 was withdrawn for TQ1.
  if (w.version.components(w.version.field("SCH", 11)?.type ?? "").length < 5) body.add(new SegmentDraft(w, "TQ1").set(1, "1").fill({ map: "TQ1[Appointment]", root: appointment }).text());
  const comment = w.text(appointment, "comment");
  if (comment !== "") body.add(note(w, 1, comment));
  const participants = w.nodes(appointment, "participant");
  const kinds = participants.map((each) => kindOf(w, appointment, each));
  let patients = 0;
  const encounters = w.graph.of("Encounter");
  for (const [i, participant] of participants.entries()) {
    if (kinds[i] !== "Patient") continue;
    patients++;
    const place = body.group("PATIENT");
    patientSegments(w, patientOf(w, participant, "actor", appointment), place, patients);
    // What else is known stands with the first who comes.
    if (patients > 1) continue;
    const encounter = encounters.length === 1 ? encounters[0] : undefined;
    if (encounter !== undefined) visitSegments(w, encounter, place);
    for (const observation of w.graph.of("Observation")) observationSegments(w, observation, { body: place, isFlat: true });
    diagnosisSegments(w, encounter, place);
  }
  const resources = body.group("RESOURCES").add(new SegmentDraft(w, "RGS").set(1, "1").text());
  const services = w.nodes(appointment, "serviceType");
  for (const [i, service] of services.entries()) {
    const ais = new SegmentDraft(w, "AIS").set(1, String(i + 1)).fill({ map: "AIS[Service]", root: appointment, base: service }, { map: "AIS[Appointment]", root: appointment });
    resources.group("SERVICE").add(ais.text());
  }
  const counts: Record<string, number> = {};
  for (const [i, participant] of participants.entries()) {
    const [group, segment] = groups[kinds[i] ?? ""] ?? ["GENERAL_RESOURCE", "AIG"];
    if (kinds[i] === "Patient") continue;
    counts[segment] = (counts[segment] ?? 0) + 1;
    const draft = new SegmentDraft(w, segment).set(1, String(counts[segment])).fill({ map: `${segment}[Appointment]`, root: appointment, base: participant });
    resources.group(group).add(draft.text());
  }
  return body;
}

const groups: Readonly<Record<string, readonly [group: string, segment: string]>> = {
  Practitioner: ["PERSONNEL_RESOURCE", "AIP"],
  PractitionerRole: ["PERSONNEL_RESOURCE", "AIP"],
  RelatedPerson: ["PERSONNEL_RESOURCE", "AIP"],
  Location: ["LOCATION_RESOURCE", "AIL"],
};

/** The type of a participant by what its reference points to or says. */
function kindOf(w: Writing, appointment: Node, participant: Node): string {
  const actor = w.node(participant, "actor");
  const found = actor && w.graph.resolve(actor, appointment);
  return String(found?.["resourceType"] ?? actor?.["type"] ?? /([A-Za-z]+)\/[^/]+$/.exec(String(actor?.["reference"] ?? ""))?.[1] ?? "");
}
