import type { MapTables, PlaceRow, Row, Vocabulary } from "./tables.ts";

/** The files of `schemas/v2-to-fhir/` and the definitions of `schemas/fhir/r4-elements.json`, as JSON has them. */
export interface Parts {
  readonly messages: { readonly messages: MapTables["messages"] };
  readonly segments: { readonly segments: Readonly<Record<string, readonly Row[]>> };
  readonly datatypes: { readonly datatypes: Readonly<Record<string, readonly Row[]>> };
  readonly vocabulary: { readonly vocabulary: MapTables["vocabulary"] };
  readonly ours: Ours;
  readonly elements: { readonly types: Readonly<Record<string, string>>; readonly resources: Readonly<Record<string, string>> };
}

type Replaced = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

export interface Ours extends Pick<MapTables, "events" | "systems" | "required" | "identity" | "subject" | "single" | "places" | "messages" | "partners"> {
  readonly segments: Replaced;
  readonly datatypes: Replaced;
  readonly vocabulary: Readonly<Record<string, Vocabulary | Readonly<Record<string, string>>>>;
  /** References added to each place that uses a segment map. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** What segments become beside what their message map says, by message (`*`: each) and place. */
  readonly added: Readonly<Record<string, Readonly<Record<string, readonly PlaceRow[]>>>>;
}

/** The published maps with our rows in the place of those that they replace. */
export function mapTables({ messages, segments, datatypes, vocabulary, ours, elements }: Parts): MapTables {
  const published = { ...messages.messages, ...ours.messages };
  const tables = {
    messages: Object.fromEntries(Object.entries(published).map(([name, map]) => [name, {
      ...map,
      places: map.places.map(([place, repeats, rows]) => [place, repeats, [...rows, ...(ours.added["*"]?.[place] ?? []), ...(ours.added[name]?.[place] ?? [])].map(([target, use, references, when]) => [target, use, [...(references ?? []), ...(ours.references[use] ?? [])], when ?? null] as const)] as const),
    }])),
    segments: replaced(segments.segments, ours.segments),
    datatypes: replaced(datatypes.datatypes, ours.datatypes),
    vocabulary: { ...vocabulary.vocabulary },
  };
  for (const [name, own] of Object.entries(ours.vocabulary)) {
    const known = tables.vocabulary[name];
    (tables.vocabulary as Record<string, Vocabulary>)[name] = known === undefined ? (own as Vocabulary) : { ...known, codes: { ...known.codes, ...(own as Readonly<Record<string, string>>) } };
  }
  const { events, systems, required, identity, subject, single, places, partners } = ours;
  return { ...tables, events, systems, required, identity, subject, single, places, partners, elements: used(elements, tables.messages) };
}

function replaced(published: Readonly<Record<string, readonly Row[]>>, ours: Replaced): Record<string, readonly Row[]> {
  const out: Record<string, readonly Row[]> = { ...published };
  for (const [name, own] of Object.entries(ours)) {
    const kept = Object.hasOwn(own, "*") ? [] : (published[name] ?? []).filter(([from]) => !Object.hasOwn(own, from));
    out[name] = [...kept, ...Object.values(own).flat()];
  }
  return out;
}

/** The resources that segments fill or refer to; an isolate holds no more. */
const resources = ["Account", "AllergyIntolerance", "Appointment", "Basic", "Bundle", "CareTeam", "Condition", "Coverage", "Device", "DiagnosticReport", "DocumentReference", "Encounter", "EpisodeOfCare", "Immunization", "Location", "Medication", "MedicationRequest", "MessageHeader", "Observation", "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance", "RelatedPerson", "ServiceRequest", "Specimen", "SupplyRequest", "Task", "DomainResource", "Resource"];

function used({ types, resources: all }: Parts["elements"], _: MapTables["messages"]): Record<string, string> {
  return { ...types, ...Object.fromEntries(resources.map((name) => [name, all[name] ?? ""])) };
}
