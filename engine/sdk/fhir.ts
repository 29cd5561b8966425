/** A resource with the bytes that it was written as, and what FHIR R4 says of its version; empty texts stand for what it lacks. */
export interface FhirResource {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly id: string;
  /** `meta.versionId`. */
  readonly versionId: string;
  /** `meta.lastUpdated`, an instant. */
  readonly lastUpdated: string;
}

export interface FhirBundle {
  readonly type: string;
  /** Addresses by relation: `next`, `self`. A next page is fetched by `Envelope.link`. */
  readonly links: ReadonlyMap<string, string>;
  readonly entries: readonly FhirBundleEntry[];
}

export interface FhirBundleEntry {
  readonly resource?: FhirResource;
  /** `match`, `include` or `outcome` of a search (`Bundle.entry.search.mode`). */
  readonly mode: string;
}

/** The engine's reader of FHIR JSON: resources come out with the bytes they were written as, so that decimals keep their digits. `undefined`: it is none. */
export interface FhirReader {
  bundle(bytes: Uint8Array): FhirBundle | undefined;
  resource(bytes: Uint8Array): FhirResource | undefined;
}
