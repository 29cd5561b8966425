/** The maps as data (`schemas/v2-to-fhir/`). They come from outside, so that an isolate holds them only when its channel maps. */
export interface MapTables {
  readonly messages: Readonly<Record<string, MessageMap>>;
  readonly segments: Readonly<Record<string, readonly Row[]>>;
  readonly datatypes: Readonly<Record<string, readonly Row[]>>;
  readonly vocabulary: Readonly<Record<string, Vocabulary>>;
  /** `LN` → `http://loinc.org`: HL7 table 0396. */
  readonly systems: Readonly<Record<string, string>>;
  /** `ADT^A04` → `ADT_A01`. */
  readonly events: Readonly<Record<string, string>>;
  /** Definitions of FHIR R4, as in `schemas/fhir/r4-elements.json`. */
  readonly elements: Readonly<Record<string, string>>;
  /** What a resource must have and a message may leave unsaid: `{ Observation: { status: "unknown" } }`. */
  readonly required: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Elements that tell one resource from another where it has no identifier. */
  readonly identity: Readonly<Record<string, readonly string[]>>;
  /** The element that points to the patient. */
  readonly subject: Readonly<Record<string, string>>;
  /** Repeating elements that all segments of a resource fill together. */
  readonly single: readonly string[];
  /** Options that partners are known to want, by the name that `like` gives them. */
  readonly partners: Readonly<Record<string, MapOptions>>;
  /** Components of PL from the smallest place to the largest, with codes of location-physical-type. */
  readonly places: readonly (readonly [component: number, code: string])[];
}

/** `[source, target, data type map, vocabulary map, constant, condition]`. */
export type Row = readonly [source: string, target: string, map?: string | null, table?: string | null, value?: string | readonly string[] | null, when?: Condition | null];

/** `["v", "PID-5"]` is valued; `["=", "OBX-2", ["NM"]]`; `["#", "OBX-5", ">", 1]` counts repetitions; `["l", …]` measures a length. */
export type Condition =
  | readonly ["v", string]
  | readonly ["=", string, readonly string[]]
  | readonly ["#" | "l", string, "<" | ">" | "=", number]
  | readonly ["!", Condition]
  | readonly ["&" | "|", ...Condition[]];

export interface MessageMap {
  /** Groups, and whether they repeat (1). */
  readonly groups: Readonly<Record<string, number>>;
  /** In the order of the message: place, whether it repeats, what it becomes. */
  readonly places: readonly (readonly [place: string, repeats: number, rows: readonly PlaceRow[]])[];
}

/** `["Observation[1]", "OBX[Observation]", ["Observation[1].subject=Patient[1]"], condition]`. */
export type PlaceRow = readonly [target: string, map: string, references?: readonly string[] | null, when?: Condition | null];

export interface Vocabulary {
  /** `HL70001` */
  readonly from: string;
  readonly system: string;
  /** Codes that are their own target. */
  readonly same?: string;
  readonly codes: Readonly<Record<string, string | readonly [code: string, system: string]>>;
  /** Codes without a target. */
  readonly none?: string;
}

/** Adjustments of a channel, as `transform: { map: hl7v2-to-fhir, … }` writes them. */
export interface MapOptions {
  /** A partner whose options stand where the channel states none of its own: `reportstream`. */
  readonly like?: string;
  /** The message map to use, whatever MSH-9 says: `ORU_R01`. */
  readonly message?: string;
  /** Default `message`; `transaction` writes each resource by its id. */
  readonly bundle?: "message" | "transaction" | "collection";
  /** Resource types, or segment maps such as `NK1[Patient]`, that are not made. */
  readonly drop?: readonly string[];
  /** Rows added to a segment or data type map. A field given here loses the rows that the map has for it. */
  readonly rows?: Readonly<Record<string, readonly OwnRow[]>>;
  /** URIs of assigning authorities, by namespace or universal id. */
  readonly authorities?: Readonly<Record<string, string>>;
  /** URIs of coding systems, by the name that messages give them. */
  readonly systems?: Readonly<Record<string, string>>;
  /** Codes of a vocabulary map, added to it: `{ AdministrativeSex: { X: other } }`. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Offset of times that state none: `-05:00`. Default: that of MSH-7. */
  readonly zone?: string;
  /** `ordered`: an OBR of a result makes a ServiceRequest only where an ORC stands with it. Default `every`. */
  readonly requests?: "ordered" | "every";
}

export interface OwnRow {
  readonly from: string;
  readonly to: string;
  readonly map?: string;
  readonly table?: string;
  readonly value?: string;
  readonly when?: Readonly<Record<string, string | readonly string[]>>;
}
