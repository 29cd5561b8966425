import { type CsvDialect, readTree } from "../codec/index.ts";
import type { Tree } from "../codec/tree.ts";
import type { SourceSpec } from "../config/project.ts";
import type { Boundary, Found, Harvest, Permit } from "../phi/boundary.ts";
import type { Disclosing, Patients } from "../phi/disclosure.ts";
import type { RunOutput } from "../sandbox/sandbox.ts";
import type { Code, Content, Envelope, OutboundMessage } from "../sdk/index.ts";
import type { Claimed } from "../store/store.ts";
import { type Pulled, pulled } from "./attachments.ts";
import type { CaseTold } from "./cased.ts";
import { readText } from "./encoding.ts";
import type { FlowPorts } from "./ports.ts";

/** By what a partner knows a message: the opaque id, and the number that file names may show. */
export type OutboundName = Pick<OutboundMessage, "id" | "sequence">;

/**
 * What the flow keeps in memory for one message while any of its lanes has it in its window: each part is made at first use and
 * shared by the destinations. Losing it costs time only; everything can be made again from the record.
 */
export class Work {
  /** The engine's number of the message and when it was accepted. */
  readonly message: number;
  readonly receivedAt: number;
  readonly raw: Content;
  readonly text: string;
  readonly charset: string;
  /** The text is another than that of the bytes: a message that came in XML. */
  readonly isRecoded: boolean;
  readonly #csv: CsvDialect | undefined;
  run: Promise<RunOutput> | undefined;
  /** How the case of the message stands, where its channel keeps one. */
  case: CaseTold | undefined;
  /** Why it is held whatever its case says: its first fault, where its source asks for that (`validate: hold`). */
  flaw: Code | undefined;
  /** By lane: what was rendered and guarded. */
  readonly envelopes = new Map<string, Envelope>();
  /** By lane: the obligations that were known when it was rendered. */
  readonly discharged = new Map<string, readonly string[]>();
  /** By lane, where messages go as one: what was guarded. */
  readonly contents = new Map<string, Content>();
  /** By lane: what the ledger is to be told, should it leave under this permit. */
  readonly disclosing = new Map<string, (permit: Permit) => Disclosing | undefined>();
  /** By lane: the ledger holds an intent that stands, and what it says lets it go, where this run of the engine knows. */
  readonly intents = new Map<string, Permit | undefined>();
  patients: Patients | undefined;
  /** Lanes that have the message in their window; when none has, the work is forgotten. */
  readonly lanes = new Set<string>();
  readonly #ids = new Map<string, string>();
  readonly #sequences = new Set<number>();
  #tree: Tree | undefined;
  #found: Found | undefined;
  #harvest: Harvest | undefined;
  /** What was last asked of `minted`; names are only added. */
  #told: { readonly at: number; readonly names: number; readonly words: readonly string[] } | undefined;
  #pulled: { readonly pulled: Pulled | undefined } | undefined;

  constructor({ id, receivedAt, raw }: Pick<Claimed, "id" | "receivedAt" | "raw">, text: string, charset: string, csv?: CsvDialect, isRecoded = false) {
    this.#csv = csv;
    this.isRecoded = isRecoded;
    this.message = id;
    this.#sequences.add(id);
    this.receivedAt = receivedAt;
    this.raw = raw;
    this.text = text;
    this.charset = charset;
  }

  static from(entry: Pick<Claimed, "id" | "receivedAt" | "raw">, source: Pick<SourceSpec, "charset" | "csv" | "encoding">): Work {
    const decoded = readText(entry.raw.bytes, { ...source, format: entry.raw.format });
    return new Work(entry, decoded.text, decoded.charset, source.csv, source.encoding === "xml");
  }

  /** The message's name in this scope, made once. */
  idFor(scope: string, ports: FlowPorts): string {
    let id = this.#ids.get(scope);
    if (id === undefined) {
      id = ports.opaqueId(scope, this.message);
      this.#ids.set(scope, id);
    }
    return id;
  }

  /** What an entry goes out as: the same at every repeat and when it is put back; another for a replay, or who had it once would not take it again. */
  nameFor({ lane, again }: Pick<Claimed, "lane" | "again">, ports: FlowPorts): OutboundName {
    const sequence = again ?? this.message;
    this.#sequences.add(sequence);
    return { id: this.idFor(again === undefined ? lane : `${lane}@${again}`, ports), sequence };
  }

  /** The names made so far: of the engine's making, so no identifier of a patient. */
  get ids(): readonly string[] {
    return [...this.#ids.values()];
  }

  /** What connectors may make names of beside the ids: the moment of acceptance as its destination is told it (`timeTold`), and the message's number, or that of its replay. */
  minted(told: number): readonly string[] {
    const names = this.#ids.size + this.#sequences.size;
    if (this.#told?.at !== told || this.#told.names !== names) {
      const [day = "", time = ""] = new Date(told).toISOString().replace(/[-:.Z]/g, "").split("T");
      this.#told = { at: told, names, words: [...this.ids, day, time, ...Array.from(this.#sequences, (sequence) => String(sequence).padStart(12, "0"))] };
    }
    return this.#told.words;
  }

  tree(): Tree {
    return (this.#tree ??= readTree(this.raw.format, this.text, this.#csv));
  }

  /** The message without its large values, for code; `undefined` where it has none to be taken out. */
  pulled(source: SourceSpec, ports: FlowPorts): Pulled | undefined {
    this.#pulled ??= { pulled: pulled(this.text, () => this.tree(), source, () => this.idFor("attachment", ports)) };
    return this.#pulled.pulled;
  }

  /** Identifiers of the raw message; a message that cannot be read as its format throws, and nothing leaves. */
  harvest(boundary: Boundary): Harvest {
    return (this.#harvest ??= boundary.harvest(this.tree(), this.raw.format));
  }

  /** What the raw message says of itself; throws as `tree` does. */
  found(boundary: Boundary): Found {
    return (this.#found ??= boundary.label(this.tree(), this.raw.format));
  }
}
