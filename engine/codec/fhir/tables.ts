/** The facts of `schemas/fhir`, as their files hold them; each file says in `about` what its letters mean. */
export interface BaseTable {
  readonly types: Readonly<Record<string, BaseType>>;
  readonly invariants: Invariants;
  readonly sets: CodeSets;
  /** Codes of code systems that are whole. */
  readonly systems: Readonly<Record<string, string>>;
  /** Types of the search parameters of the standard, by resource: `name type|name type`. */
  readonly search: Readonly<Record<string, string>>;
}

export interface ProfileTable {
  /** Of the package that the profiles are from. */
  readonly version: string;
  readonly profiles: Readonly<Record<string, ProfileRows>>;
  readonly invariants: Invariants;
  readonly sets: CodeSets;
}

/** Severity (`e`, `w`) and FHIRPath expression, by key. */
export type Invariants = Readonly<Record<string, readonly string[]>>;
/** Codes, set apart by blanks, by value set and system. */
export type CodeSets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface BaseType {
  readonly base: string;
  readonly kind: string;
  readonly abstract?: boolean;
  readonly i?: readonly string[];
  /** Path, cardinality, types and what more is asked. */
  readonly elements: readonly (readonly (string | ElementExtra)[])[];
}

export interface ElementExtra {
  readonly b?: string;
  readonly i?: readonly string[];
}

export interface ProfileRows {
  readonly type: string;
  readonly modifier?: boolean;
  readonly context?: readonly string[];
  readonly rows: readonly (readonly [string, RowFacts] | readonly (string | RowFacts)[])[];
}

export interface RowFacts {
  readonly n?: number;
  readonly x?: string;
  readonly t?: string;
  readonly f?: unknown;
  readonly p?: unknown;
  readonly b?: string;
  readonly i?: readonly string[];
  readonly s?: { readonly d: readonly (readonly string[])[]; readonly r: string; readonly o?: boolean };
  readonly m?: boolean;
}
