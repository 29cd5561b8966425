import type { CsvDialect } from "../../codec/csv/index.ts";
import type { Format } from "../../sdk/content.ts";
import { compile, type GuestFunction, type Piece } from "./guest-code.ts";
import type { Lookups } from "./message-scope.ts";
import type { Conditions } from "./match.ts";

export type FilterText = { readonly match: Conditions } | { readonly code: Piece };

/** The program of a channel as it crosses the pipe. */
export interface ProgramText {
  readonly channel: string;
  readonly format: Format;
  readonly csv?: CsvDialect;
  readonly outputChars: number;
  readonly filter?: FilterText;
  readonly transform?: Piece;
  readonly destinations: readonly { readonly name: string; readonly format?: Format; readonly filter?: FilterText; readonly transform?: Piece }[];
  readonly lookups: Lookups;
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
export interface Program extends Omit<ProgramText, "filter" | "transform" | "destinations"> {
  readonly first: Step;
  readonly destinations: readonly Step[];
}

export function readProgram(json: string): Program {
  const text = JSON.parse(json) as ProgramText;
  return deepFreeze({
    channel: text.channel,
    format: text.format,
    ...(text.csv ? { csv: text.csv } : {}),
    outputChars: text.outputChars,
    lookups: text.lookups,
    first: stepOf(undefined, text),
    destinations: text.destinations.map((each) => stepOf(each.name, each, each.format)),
  });
}

function stepOf(name: string | undefined, text: { readonly filter?: FilterText; readonly transform?: Piece }, format?: Format): Step {
  const { filter, transform } = text;
  return {
    name,
    format,
    filter: filter && ("match" in filter ? { match: filter.match } : { code: ready(filter.code) }),
    transform: transform && ready(transform),
  };
}

function ready(piece: Piece): { readonly index: number; readonly call: GuestFunction } {
  return { index: piece.index, call: compile(piece) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) deepFreeze(each);
    Object.freeze(value);
  }
  return value;
}
