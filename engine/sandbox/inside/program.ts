import { BackMapper, type BackTables } from "../../codec/fhir-to-v2/index.ts";
import { type MapTables, Mapper } from "../../codec/v2-to-fhir/index.ts";
import type { CsvDialect } from "../../codec/csv/index.ts";
import type { GrammarSource } from "../../codec/x12/grammar-port.ts";
import { type Facts, grammarsOf } from "../../codec/x12/grammar/source.ts";
import type { Format } from "../../sdk/content.ts";
import { compile, compileModule, type GuestFunction, type Module, type Piece } from "./guest-code.ts";
import type { Lookups } from "./message-scope.ts";
import type { Conditions } from "./match.ts";

export type FilterText = { readonly match: Conditions } | { readonly code: Piece };

/** The program of a channel as it crosses the pipe. */
export interface ProgramText {
  readonly channel: string;
  readonly format: Format;
  readonly csv?: CsvDialect;
  /** Grammars of X12, where a step reads it. */
  readonly x12?: readonly Facts[];
  readonly outputChars: number;
  readonly filter?: FilterText;
  readonly transform?: Piece;
  readonly destinations: readonly { readonly name: string; readonly format?: Format; readonly filter?: FilterText; readonly transform?: Piece }[];
  readonly lookups: Lookups;
  /** Files that modules import, those first that others need. */
  readonly library?: readonly Piece[];
  /** The maps between HL7 v2 and FHIR, of a channel whose code asks for them, and the secret from which their ids are made. */
  readonly maps?: { readonly tables: MapTables; readonly key: string };
  /** Their way back, of a channel whose code asks for it. */
  readonly back?: BackTables;
}

export interface Filter {
  readonly match?: Conditions;
  readonly code?: { readonly index: number; readonly call: GuestFunction };
}

export interface Step {
  readonly name: string | undefined;
  readonly format: Format | undefined;
  readonly filter: Filter | undefined;
  readonly transform: { readonly index: number; readonly call: GuestFunction } | undefined;
}

/** The program with its code compiled: the channel's own step, then one for each destination. */
export interface Program extends Omit<ProgramText, "filter" | "transform" | "destinations" | "library" | "x12" | "maps" | "back"> {
  readonly x12?: GrammarSource;
  readonly first: Step;
  readonly destinations: readonly Step[];
  readonly mapper: Mapper | undefined;
  readonly backMapper: BackMapper | undefined;
}

export function readProgram(json: string): Program {
  const text = JSON.parse(json) as ProgramText;
  const library = (text.library ?? []).map(compileModule);
  return deepFreeze({
    channel: text.channel,
    format: text.format,
    ...(text.csv ? { csv: text.csv } : {}),
    ...(text.x12 ? { x12: grammarsIn(text.x12) } : {}),
    outputChars: text.outputChars,
    lookups: text.lookups,
    first: stepOf(undefined, text, library),
    mapper: text.maps && new Mapper(deepFreeze(text.maps.tables), text.maps.key),
    backMapper: text.back && new BackMapper(deepFreeze(text.back)),
    destinations: text.destinations.map((each) => stepOf(each.name, each, library, each.format)),
  });
}

/** What guest code can reach of a grammar outlives the message, so nothing of it can change. */
function grammarsIn(facts: readonly Facts[]): GrammarSource {
  const { transactionFor } = grammarsOf(facts);
  return (asked) => {
    const found = transactionFor(asked);
    return found === undefined || Object.isFrozen(found) ? found : deepFreeze(found);
  };
}

function stepOf(name: string | undefined, text: { readonly filter?: FilterText; readonly transform?: Piece }, library: readonly Module[], format?: Format): Step {
  const { filter, transform } = text;
  const ready = (piece: Piece) => ({ index: piece.index, call: compile(piece, library) });
  return {
    name,
    format,
    filter: filter && ("match" in filter ? { match: filter.match } : { code: ready(filter.code) }),
    transform: transform && ready(transform),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) deepFreeze(each);
    Object.freeze(value);
  }
  return value;
}
