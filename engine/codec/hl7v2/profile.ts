/** What a site asks of HL7 v2 messages beyond the standard: its own segments, and narrower rules for those of the standard. Plain data. */
export interface Hl7Profile {
  readonly name: string;
  /** Version the messages are checked against, whatever MSH-12 says; absent: that of the message. */
  readonly version?: string;
  /** By segment name. */
  readonly segments: Readonly<Record<string, SegmentRule>>;
  /** Whole messages as `strict/notation.ts` reads them, by type and trigger or by id, in place of the standard's: `ORU^R01`, `ORU_R01`. */
  readonly structures?: Readonly<Record<string, string>>;
  /** By path without indexes: `PID-8`, `PID-3.4`, `ZPD-2`. */
  readonly fields: Readonly<Record<string, FieldRule>>;
  /** Codes by the table's name or number: `species`, `0001`. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Codes of problems that are told and are no reason to refuse: `HL7-409`. */
  readonly relax: readonly string[];
}

/** R required, RE required but may be empty, C conditional, O optional, X not used (HL7 v2 chapter 2.B.7.4). */
export const usages = ["R", "RE", "C", "O", "X"] as const;
export type Usage = (typeof usages)[number];

/** Without `max`: any number. */
export interface Cardinality {
  readonly min: number;
  readonly max?: number;
}

export interface SegmentRule {
  readonly name?: string;
  /** The segment stands behind one of these; absent: where the standard puts it, and a site's own segment anywhere. */
  readonly after?: string;
  readonly usage?: Usage;
  /** In the whole message; with `after`, behind each of those. */
  readonly cardinality?: Cardinality;
}

export interface FieldRule {
  readonly name?: string;
  /** Data type, `ST`, `CWE`. */
  readonly type?: string;
  readonly usage?: Usage;
  /** Of a field: how often it repeats. */
  readonly cardinality?: Cardinality;
  /** Most characters of the piece, delimiters and escapes included. */
  readonly length?: number;
  /** A table of the profile, or the number of one of HL7. */
  readonly table?: string;
}
