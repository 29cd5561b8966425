/** The way back of the maps as data (`schemas/fhir-to-v2/`). They come from outside, so that an isolate holds them only when its channel maps. */
export interface BackTables {
  /** `PID[Patient]` → rows. */
  readonly segments: Readonly<Record<string, readonly BackRow[]>>;
  readonly vocabulary: Readonly<Record<string, BackVocabulary>>;
  /** URI of a code system → the name that HL7 table 0396 gives it. */
  readonly systems: Readonly<Record<string, string>>;
  readonly events: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What happens to a required field that stays empty: `refuse`, `skip` (the segment), else a code; HL7 null where it says nothing. */
  readonly missing: Readonly<Record<string, string>>;
  /** Fields that older versions reserve for others. */
  readonly since: Readonly<Record<string, string>>;
  /** Values that say nothing to a receiver of HL7 v2, by path. */
  readonly quiet: Readonly<Record<string, readonly string[]>>;
  readonly versions: readonly string[];
  /** `PID` → fields: runs of versions, data type, `*` repeats, `!` required. */
  readonly fields: Readonly<Record<string, string>>;
  /** `CX` → components in the same form. */
  readonly components: Readonly<Record<string, string>>;
  /** `ORU^R01` → runs of versions, structure id, segments and groups in order. */
  readonly messages: Readonly<Record<string, readonly (readonly [run: string, id: string, content: readonly Content[]])[]>>;
  /** Definitions of FHIR R4, as in `schemas/fhir/r4-elements.json`. */
  readonly elements: Readonly<Record<string, string>>;
}

/** A segment, or a group with its content. */
export type Content = string | Group;
export interface Group extends ReadonlyArray<Content> {
  /** Its name. */
  readonly 0: string;
}

/** `[field, path in the resource, vocabulary map, constant]`. A constant is written where the path is, or always where the path is empty. */
export type BackRow = readonly [field: string, path: string, table?: string | null, constant?: string | null];

export interface BackVocabulary {
  /** `0001`; empty for none. */
  readonly table: string;
  /** By code system, codes of FHIR and what they are in HL7 v2. */
  readonly codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Adjustments of a channel, as `transform: { map: fhir-to-hl7v2, … }` writes them. */
export interface BackOptions {
  /** `ADT^A08`, `A08`: default: what the resource implies. */
  readonly event?: string;
  /** MSH-12; default 2.5.1. */
  readonly version?: string;
  /** MSH-3 to MSH-6, each as a namespace or `namespace^id^type`; default: what a MessageHeader says. */
  readonly sendingApplication?: string;
  readonly sendingFacility?: string;
  readonly receivingApplication?: string;
  readonly receivingFacility?: string;
  /** MSH-11; default P. */
  readonly processing?: "P" | "T" | "D";
  /** Segments that are not written: `NK1`. */
  readonly drop?: readonly string[];
  /** Rows of a segment map. A field given here loses those of the map. */
  readonly rows?: Readonly<Record<string, readonly OwnBackRow[]>>;
  /** As of `hl7v2-to-fhir`, so that one block serves both ways: namespace → URI, name of a coding system → URI. */
  readonly authorities?: Readonly<Record<string, string>>;
  readonly systems?: Readonly<Record<string, string>>;
  /** Codes of a vocabulary map, from FHIR to HL7 v2: `{ AdministrativeSex: { other: A } }`. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface OwnBackRow {
  /** `PID-19`, `SPM-2.1`. */
  readonly to: string;
  /** Path in the resource; empty, and without a value: the field is not written. */
  readonly from?: string;
  readonly table?: string;
  readonly value?: string;
}

/** What was odd on the way: a code and a path of FHIR R4, or a field; never content. */
export interface Finding {
  readonly code: "MAP-301" | "MAP-302" | "MAP-303" | "MAP-304" | "MAP-305" | "MAP-306";
  readonly path: string;
}
