import type { SplitWay } from "../codec/split/index.ts";
import type { Hl7Profile } from "../codec/hl7v2/profile.ts";
import type { Diagnostic, Format, Range, SecretRef } from "../sdk/index.ts";
import type { ConnectorCatalogue } from "./connector-catalogue.ts";
import type { AcknowledgesSpec } from "./alert-spec.ts";
import type { ResultSpecs } from "./clinical-spec.ts";
import type { CaseSpec } from "./case-spec.ts";
import type { DeliveryWindow } from "./delivery-window.ts";
import type { IdentitySettings, OAuth2Credential } from "./identity-settings.ts";
import type { Endpoint } from "./endpoint.ts";
import type { SigningApplication } from "./signing.ts";
import type { UnknownSpec } from "./unknown-spec.ts";

export type { AboutOptions, ConnectorCatalogue, ConnectorEntry, VerifyOptions } from "./connector-catalogue.ts";
export type { Endpoint, SigningApplication };
export type { IdentitySettings, Issuer, KeySetRoute, OAuth2Credential, PinnedPlace } from "./identity-settings.ts";

/** What a project is once read: plain data, each part able to say where a value stands. Durations in ms, sizes in bytes. */
export interface Project {
  /** Absolute path of the folder that holds `sluice.yaml`. */
  readonly root: string;
  readonly settings: Settings;
  readonly partners: ReadonlyMap<string, Partner>;
  readonly channels: readonly Channel[];
  /** Profiles of HL7 v2 messages by name: `profiles/*.yaml`. */
  readonly profiles: ReadonlyMap<string, Hl7Profile>;
  /** `name` → rows of `lookups/name.yaml` or `.json`: one flat table of strings. */
  readonly lookups: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Where values stand. `path` is a path of keys from the root of the value that carries it. */
export interface Placed {
  readonly file: string;
  /** Range of the value at `path`; the nearest parent that exists when there is none. */
  at(...path: (string | number)[]): Range;
  /** Range of the key at `path`. */
  atKey(...path: (string | number)[]): Range;
}

/** `sluice.yaml`. */
export interface Settings {
  readonly place: Placed;
  readonly name: string;
  /** Covered entity for which this installation holds data, as agreements name it (45 CFR 164.504(e)); default: `name`. */
  readonly owner: string;
  /** Folder of the store, relative to the project; default `.sluice`. */
  readonly data: string;
  readonly console: { readonly port: number };
  /** Connector packages that may be loaded beside the built-in ones; each must also stand under `trusted`. */
  readonly connectors: readonly string[];
  readonly trusted: readonly string[];
  readonly sandbox: { readonly walls: "full" | "reduced"; readonly timeoutMs: number; readonly memoryMb: number };
  readonly budget: { readonly engineBytes: number; readonly laneBytes: number };
  readonly store: { readonly minFreeBytes: number };
  /** `anchor`: a folder that gets a copy of every checkpoint of the ledger of disclosures; relative to the project. */
  readonly disclosures: { readonly anchor?: string };
  /** Lookup table of drug codes and their schedules (`I` to `V`, `none`), by which a prescription is known not to be of a controlled substance. */
  readonly drugSchedules?: string;
  /** Who may ask for and approve an emergency access: Ed25519 keys (SubjectPublicKeyInfo, base64), and the channels each wrote. */
  readonly people: readonly { readonly name: string; readonly key: string; readonly wrote: readonly string[] }[];
  /** Retention of channels that state none; absent: kept for ever. */
  readonly keep?: Keeping;
  /** Who the engine is to others, and whom it believes. */
  readonly identity?: IdentitySettings;
}

/** How long what is kept: contents (raw, sent, responses, logs) and metadata have clocks of their own. YAML: `keep: { storage: all, contents: 30d, metadata: 400d }`. */
export interface Keeping {
  readonly storage?: "all" | "raw" | "metadata";
  readonly contentsMs?: number;
  readonly metadataMs?: number;
}

export type Level = "none" | "deidentified" | "limited" | "phi";
export const levels: readonly Level[] = ["none", "deidentified", "limited", "phi"];

export type Basis =
  | "baa" | "treatment" | "payment" | "public-health" | "required-by-law" | "dua"
  | "expert-determination" | "authorization" | "individual" | "deidentified" | "none"
  /** Of the engine's own parties alone (`config/self.ts`): nothing leaves, so no purpose is asked; no file can name it. */
  | "same-engine";

/** One party of `partners.yaml` (phi.md 1.4). */
export interface Partner {
  readonly place: Placed;
  readonly name: string;
  readonly legalName?: string;
  readonly kind: string;
  readonly endpoints: readonly Endpoint[];
  readonly agreements: readonly Agreement[];
  readonly links: { readonly inbound?: Link; readonly outbound?: Link };
  /** Whose patients its messages are about; default: the owner of the installation. */
  readonly owner: string;
  /** Postal address, which an accounting of disclosures names where it is known (45 CFR 164.528(b)(2)(ii)). */
  readonly address?: string;
  /** The most its messages may carry. `level` absent: phi, unless its link never carries it; `purposes` absent: any that an agreement grants. */
  readonly ceiling: { readonly level?: Level; readonly compartments: readonly string[]; readonly purposes?: readonly string[]; readonly obligations: readonly string[] };
  /** A program under 42 CFR Part 2: what it sends is under that law, whatever a message says of itself. */
  readonly part2Program?: boolean;
  /** Whether the agreement under which we hold its data lets us de-identify it (164.502(d), 164.504(e)(2)(i)). */
  readonly mayDeidentify: boolean;
  /** What its answers may contain, beside what the request held (phi.md 1.12). */
  readonly reply?: { readonly level: Level; readonly compartments: readonly string[] };
  /** How the engine gets tokens for it, by name. */
  readonly credentials?: Readonly<Record<string, OAuth2Credential>>;
  /** Whether break-glass may ever reach it; never for some kinds, whatever is written (phi.md 1.14). */
  readonly breakGlass: boolean;
  /** Ids that its server has assigned may stand in an address, which its logs and everybody between keep (DESIGN 3). */
  readonly urlIds?: "acknowledged";
  /** The vendor whose server it runs, by its key in `schemas/fhir/vendors.json`. */
  readonly profile?: string;
  /** The application in which its practitioners sign controlled prescriptions; absent: it may send none. */
  readonly signing?: SigningApplication;
}

export interface Agreement {
  readonly id: string;
  readonly basis: Basis;
  readonly levels: readonly Level[];
  readonly compartments: readonly string[];
  readonly purposes: readonly string[];
  /** Covered entities with which it was signed; default: the owner of the installation. */
  readonly owners: readonly string[];
  /** Data of several owners may be brought together under it (164.504(e)(2)(i)(B)). */
  readonly mayAggregateOwners: boolean;
  /** Expert determination (164.514(b)(1)): the recipients and the very configuration that the expert examined. */
  readonly determination?: { readonly expert: string; readonly configHash: string; readonly recipients: readonly string[] };
  /** Inclusive dates `YYYY-MM-DD` in `timezone`. */
  readonly effective: string;
  readonly expires?: string;
  readonly terminated?: string;
  readonly timezone: string;
  readonly document?: { readonly ref: string; readonly sha256: string };
}

/** The five decisions of a link, one direction (phi.md 1.4). All five are required; lint refuses their absence. */
export interface Link {
  readonly auth: "none" | "mtls" | "tls" | "bearer" | "basic" | "oauth2" | "signature";
  /** Message types (`ORU^R01`), FHIR resource types or scopes; `*` allows all. */
  readonly allow: readonly string[];
  /** Messages per second and burst. */
  readonly limit: { readonly perSecond: number; readonly burst: number };
  readonly audit: "full" | "metadata";
  readonly phi: "allowed" | "never";
}

/** The most that messages of a channel may be (its ceiling), as the source's partner and the channel's file say. */
export interface Classification {
  readonly level: Level;
  readonly compartments: readonly string[];
  readonly owners: readonly string[];
  /** Purposes of use for which it may be used; absent: any that an agreement grants. */
  readonly purposes?: readonly string[];
  /** What whoever sends it on must do: `part2-notice`, `no-redisclosure`, `encryption`. */
  readonly obligations: readonly string[];
  /** How it was de-identified; with level `deidentified` alone, and only where a step of this engine did it. `expert:` and the id of the determination. */
  readonly method?: "safe-harbor" | "aggregate" | `expert:${string}`;
}

/** One channel file (STYLE 3). */
export interface Channel {
  readonly place: Placed;
  readonly name: string;
  readonly summary?: string;
  readonly classification: Classification;
  readonly source: SourceSpec;
  readonly filter?: FilterSpec;
  readonly transform?: CodeSpec;
  readonly destinations: readonly DestinationSpec[];
  /** Lookup tables the code may read, by name. */
  readonly lookups: readonly string[];
  readonly tests: readonly TestSpec[];
  /** Strict order holds within a key alone: `order: { by: PID-3.1 }`. Default: one order for all. `parallel`: keys in flight at once, default 8. */
  readonly order?: { readonly by: string; readonly parallel: number };
  /** What its messages are about, of which the engine keeps the state. */
  readonly case?: CaseSpec;
  readonly acknowledges?: AcknowledgesSpec;
  readonly keep?: Keeping;
  /** Hash over everything that decides what the channel does: its file, its code files, its lookups, and where a destination de-identifies the engine's policies. */
  readonly revision: string;
}

export interface SourceSpec {
  readonly partner: string;
  /** Purpose of use for which a source asks its partner; absent: treatment, where that gives care. */
  readonly purpose?: string;
  /** Connector name and options with defaults applied; secrets are `SecretRef`. */
  readonly connector: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** With these options it opens connections to its partner and asks there, as the connector declares. */
  readonly asks?: true;
  readonly format: Format;
  /** Version of HL7 v2 that the sender writes, for lint alone. Absent: a path of any version is right. */
  readonly version?: string;
  /** Keeps the sequence numbers of its senders (MSH-13, HL7 v2 chapter 2.10.1), and takes messages in that order alone. */
  readonly sequence?: true;
  /** HL7 v2 comes in XML and is read as the same message in the standard encoding. */
  readonly encoding?: "xml";
  /** `ORU^R01`, `ADT^*`, `Appointment`; empty: all that the partner's inbound link allows. */
  readonly types: readonly string[];
  /**
   * What a positive answer waits for (DESIGN 3); `withinMs` is needed by `delivered`; else 30 s when it is absent
   * and something is waited for (`processed`, or a destination with `queue: on-failure`).
   */
  readonly ack: "stored" | "processed" | "delivered";
  readonly withinMs?: number;
  /** The source is answered with what this destination answered. YAML: `respond: { from: name, within: 20s }`; then `ack` is not written. */
  readonly respond?: { readonly from: string; readonly withinMs: number };
  /** Cuts what arrives into messages: `batch` by FHS/BHS and MSH, `records` one a CSV record, the others by the parts of an X12 interchange. Default: what arrives is one message. */
  readonly split?: SplitWay;
  /** How delimited text is read, where `format` is `csv`. */
  readonly csv?: CsvSpec;
  /** What an X12 sender is answered with, where the connector can answer. Default: nothing of X12. */
  readonly x12?: { readonly answer: "999" | "TA1" };
  /** Large values are pulled out of the body before the transform and put back when it is sent. YAML: `attachments: { paths: [OBX-5], over: 64kb }`. */
  readonly attachments?: { readonly paths: readonly string[]; readonly overBytes: number };
  /** What bytes are when the message does not say (MSH-18 empty). Default `utf-8`. */
  readonly charset: string;
  /** What is done with a message that is not as its standard, or the profile, says: told, refused, or taken and held. Absent: nothing is asked (`tolerant`). */
  readonly validate?: "report" | "refuse" | "hold";
  /** What messages are held against beside their standard: a file of `profiles/` for HL7 v2, the canonical address of a profile for FHIR. */
  readonly profile?: string;
  /** The HL7 v2 profile itself, as it stood when the project was read. */
  readonly localProfile?: Hl7Profile;
  /** Path of the ids of the patients that a message is about, for the ledger of disclosures; HL7 v2 and FHIR say it themselves. */
  readonly patient?: string;
  /** Narrows the inbound link's limit for this channel. */
  readonly limit?: Link["limit"];
}

/** RFC 4180 with what is common beside it. With `header`, the first record names the columns and each message carries them. */
export interface CsvSpec {
  readonly delimiter: string;
  readonly quote: string;
  readonly header: boolean;
}

/** Declarative conditions (all must hold), or code whose truthy result lets the message pass. */
export type FilterSpec =
  | { readonly kind: "match"; readonly conditions: Readonly<Record<string, MatchCondition>> }
  | { readonly kind: "code"; readonly code: CodeSpec };

/** `present`, `absent`, one scalar that must be equal, or a list of which one must be equal. */
export type MatchCondition = string | number | boolean | readonly (string | number | boolean)[];

/** Code of a filter or transform, with the place of its first character for errors that point into the file. */
export interface CodeSpec {
  readonly text: string;
  readonly language: "js" | "ts";
  /** `body`: statements of a function over `msg` and `meta`. `module`: an ES module whose default export is that function. */
  readonly form: "body" | "module";
  readonly file: string;
  /** Line in `file` of the first line of `text`, and the indent that was taken off it. */
  readonly line: number;
  readonly indent: number;
  /** Other files of the project that a module imports, those first that others need. */
  readonly modules?: readonly CodeModule[];
  /** The map of the engine that the code calls, and where it stands in the channel's file. */
  readonly map?: MapSpec;
}

/** `transform: { map: hl7v2-to-fhir, … }`. */
export interface MapSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[];
}

/** A file of the project's code library: what it exports may be imported by code files, by a relative path. */
export interface CodeModule {
  readonly file: string;
  readonly text: string;
  readonly language: "js" | "ts";
}

export interface DestinationSpec extends ResultSpecs {
  readonly name: string;
  readonly partner: string;
  readonly sends: Level;
  readonly purpose?: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Format of what is sent, which a transform must give; default: the source's, `json` when a closed list stands. */
  readonly format: Format;
  readonly filter?: FilterSpec;
  readonly transform?: CodeSpec;
  /** The engine's own step that lowers the class, after the transforms; `transform` inside it runs after, in a realm that never saw the original. */
  readonly deidentify?: DeidentifySpec;
  /** The closed list; required when `sends` is below the channel's level. */
  readonly only?: ClosedList;
  readonly retry: RetryPolicy;
  /** What becomes of a message that may have arrived; absent: it is sent again, marked as a repeat. */
  readonly unknown?: UnknownSpec;
  /**
   * `always` (default): the lane retries. `on-failure`: the source's answer waits for the first attempt, then the lane retries. `none`: one
   * attempt, and what fails is dead at once.
   */
  readonly queue?: "always" | "on-failure" | "none";
  /** Answers of the partner that count as delivered, by the standard's code; default AA and CA. */
  readonly accept?: readonly string[];
  /** What another answer comes to, by code; default AE and CE: retry, AR and CR: reject. */
  readonly answers?: Readonly<Record<string, "retry" | "reject" | "dead">>;
  /** What is dead or rejected here goes to this destination of the same channel, which takes nothing else. */
  readonly fallback?: string;
  /** Nothing is sent outside; the lane waits. YAML: `window: { days: [mon, tue], from: "07:00", to: "19:00", timezone: America/New_York }`. */
  readonly window?: DeliveryWindow;
  /** Consecutive heads of the lane go as one: up to `max` messages or `maxBytes`, or after `withinMs` (DESIGN 7). */
  readonly batch?: { readonly max: number; readonly maxBytes: number; readonly withinMs: number };
  /** What the partner answers is read as this format and transformed before it is kept and given to the source. */
  readonly response?: { readonly format: Format; readonly transform?: CodeSpec };
}

export type DeidentifyMethod = "safe-harbor" | "limited-data-set" | "expert" | "aggregate";

/** How a destination's data is de-identified (45 CFR 164.514(b), (e)). YAML: `deidentify: safe-harbor`, or `{ method, certificate, dates, ids, transform }`. */
export interface DeidentifySpec {
  readonly method: DeidentifyMethod;
  /** The agreement of basis `expert-determination` that it rests on; with `expert` alone. */
  readonly certificate?: string;
  /** `year`: years alone. `shift`: each patient's dates moved by the same number of days toward this partner. `keep`: as they are. Safe Harbor: year; limited data set: keep. */
  readonly dates: "year" | "shift" | "keep";
  /** What stands in place of an id: nothing, a random token of the vault, or a keyed pseudonym. Safe Harbor allows no pseudonym (164.514(c)). */
  readonly ids: "remove" | "surrogate" | "pseudonym";
  readonly transform?: CodeSpec;
  /** `aggregate`: one report a period, counts by the fields of the closed list; cells of 1 to `minimum` - 1 are suppressed. */
  readonly aggregate?: { readonly every: "day" | "week" | "month"; readonly timezone: string; readonly minimum: number };
}

export interface RetryPolicy {
  /** Attempts in all before the entry is dead; 0 = without end. */
  readonly attempts: number;
  readonly initialMs: number;
  readonly maxMs: number;
  /** Age of the message after which it is dead; 0 = without end. */
  readonly maxAgeMs: number;
}

export type ClosedList = Readonly<Record<string, ClosedField>>;

/** What one field of a closed list may hold. There is no unbounded string (phi.md 2.2). */
export type ClosedField =
  | { readonly kind: "const"; readonly value: string | number | boolean }
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly optional: boolean }
  | { readonly kind: "integer"; readonly minimum: number; readonly maximum: number; readonly optional: boolean }
  | { readonly kind: "number"; readonly minimum: number; readonly maximum: number; readonly decimals: number; readonly optional: boolean }
  | { readonly kind: "boolean"; readonly optional: boolean }
  /** Of de-identified data (45 CFR 164.514(b)(2)(i)): a year that says no age over 89; three digits of a ZIP code that hold enough people, or `000`; 0 to 89, or `90+`. */
  | { readonly kind: "year" | "zip3" | "age-band"; readonly optional: boolean }
  /** A value of a lookup table's keys or values: a named, closed set. */
  | { readonly kind: "coded"; readonly set: string; readonly values: readonly string[]; readonly optional: boolean }
  /** A random token the engine mints; the same value of `of` (a path in the raw message) gives the same token for this partner. */
  | { readonly kind: "surrogate"; readonly of?: string; readonly names?: string }
  /** Taken by the engine from the raw message, and checked as an opaque token of the named kind. */
  | { readonly kind: "copy"; readonly path: string; readonly as: TokenKind };

/** `npi`: a provider's number, of a resource about a provider alone. */
export type TokenKind = "stripe-customer" | "stripe-payment-method" | "stripe-confirmation-token" | "stripe-payment-intent" | "uuid" | "npi";

/** A test, inline or of a file in `tests/`, run through the real flow with deliveries captured. */
export interface TestSpec {
  readonly name: string;
  readonly at: Range;
  readonly given: { readonly file?: string; readonly text?: string; readonly set: Readonly<Record<string, string>> };
  readonly expect: Readonly<Record<string, TestExpectation>>;
}

export type TestExpectation =
  | { readonly kind: "sent"; readonly content: unknown }
  | { readonly kind: "contains"; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: "filtered" }
  | { readonly kind: "refused"; readonly code: string };

/** One lint rule; `config/lint/` holds one per file, `phi/proof/` those of the boundary. Sees the whole project. */
export interface LintRule {
  readonly code: Diagnostic["code"];
  check(project: Project, context: LintContext): readonly Diagnostic[];
}

export interface LintContext {
  readonly connectors: ConnectorCatalogue;
  /** Wall clock in ms, for agreements. */
  readonly now: number;
  /** Whether a secret can be opened here; lint never sees its value. */
  secretExists(ref: SecretRef): boolean;
  /** SHA-256 in hex of a file below the project, by its relative path; `undefined` when it is not there. Absent: nothing can be looked at. */
  readonly fileHash?: (path: string) => string | undefined;
  /** Whether a file that comes with the machine, as secrets do, is there; absent: not asked. */
  readonly fileExists?: (path: string) => boolean;
  /** A file of the engine's own policy data, by its path below `schemas/`. Absent: it was looked at elsewhere. */
  readonly policyFile?: (path: string) => Uint8Array | undefined;
}

/** Reading a project never throws for what is in its files: everything wrong is a diagnostic, all at once. */
export interface ReadResult {
  /** Absent when the files are too broken to make a project of. */
  readonly project?: Project;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every file read, by its name relative to the project, for reports that quote it. */
  readonly sources: ReadonlyMap<string, string>;
}
