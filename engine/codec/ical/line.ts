import { type Cut, folded, octets, unfolded } from "./fold.ts";
import { decodeParameter } from "./parameter.ts";
import { type PropertyRow, propertyRow, type ValueType } from "./properties.ts";
import { decodeText, elementsOf, isTextual, type Span } from "./value.ts";

/** How a text ends its lines: CR LF or LF; CR where there is no LF at all. */
export interface Breaks {
  readonly fold: RegExp;
  /** What new lines and folds get. */
  readonly eol: string;
}

/** One value of a parameter. `span`: what stands between the separators, with its quotes. */
export interface ParameterValue {
  readonly value: string;
  readonly span: Span;
  readonly isQuoted: boolean;
}

export interface Parameter {
  /** In capitals. */
  readonly name: string;
  readonly values: readonly ParameterValue[];
  /** From the semicolon. */
  readonly span: Span;
}

/** A content line taken apart; places are those of the unfolded text. */
export interface Parts {
  readonly group: string;
  /** In capitals. */
  readonly name: string;
  readonly nameEnd: number;
  readonly parameters: readonly Parameter[];
  readonly value: Span;
  /** Every parameter is a name, `=`, and values, quoted or plain. */
  readonly isSound: boolean;
}

/** One content line with its folds as they came. What is no content line has no parts. */
export class Line {
  readonly eol: string;
  readonly breaks: Breaks;
  #raw: string;
  #text: string | undefined;
  #cuts: readonly Cut[] = [];
  #parts: Parts | null | undefined;

  constructor(raw: string, eol: string, breaks: Breaks) {
    this.#raw = raw;
    this.eol = eol;
    this.breaks = breaks;
  }

  /** With its folds, without its end. */
  get raw(): string {
    return this.#raw;
  }

  /** Without its folds. */
  get text(): string {
    if (this.#text !== undefined) return this.#text;
    const { text, cuts } = unfolded(this.#raw, this.breaks.fold);
    this.#cuts = cuts;
    return (this.#text = text);
  }

  get parts(): Parts | undefined {
    if (this.#parts === undefined) this.#parts = partsOf(this.text) ?? null;
    return this.#parts ?? undefined;
  }

  /** Lines of the text that it takes, beginning with its own. */
  get height(): number {
    return this.text === this.#raw ? 1 : 1 + this.#cuts.length;
  }

  /** The value as it stands, unfolded. */
  get value(): string {
    const { parts } = this;
    return parts ? this.text.slice(parts.value.start, parts.value.end) : this.text;
  }

  get row(): PropertyRow | undefined {
    return propertyRow(this.parts?.name ?? "");
  }

  /** VALUE, else the default of the property. */
  get type(): ValueType {
    const named = this.parameter("VALUE")?.toUpperCase();
    const type = named === undefined ? this.row?.types[0] : ((known.has(named) ? named : "UNKNOWN") as ValueType);
    return type ?? "UNKNOWN";
  }

  /** The decoded values, one for each of a list and each part. */
  get elements(): readonly { readonly value: string; readonly span: Span }[] {
    const { parts, type } = this;
    if (!parts) return [{ value: this.text, span: { start: 0, end: this.text.length } }];
    const { start } = parts.value;
    const { value } = this;
    return elementsOf(value, this.row?.separator, type).map((span) => {
      const raw = value.slice(span.start, span.end);
      return { value: isTextual(type) ? decodeText(raw) : raw, span: { start: start + span.start, end: start + span.end } };
    });
  }

  /** First value of a parameter. */
  parameter(name: string): string | undefined {
    return this.parts?.parameters.find((each) => each.name === name)?.values[0]?.value;
  }

  /** Where a piece of the unfolded text stands in the raw one: folds at its edges are outside. */
  rawSpan({ start, end }: Span): Span {
    const raw = this.text.length === this.#raw.length ? undefined : this.#cuts;
    if (raw === undefined) return { start, end };
    const to = end + shift(raw, end, false);
    return { start: end === start ? to : start + shift(raw, start, true), end: to };
  }

  /** Puts a text in place of a piece of the unfolded line, folded where it must be. */
  replace(span: Span, text: string): void {
    const { start, end } = this.rawSpan(span);
    const [head, tail] = [this.#raw.slice(0, start), this.#raw.slice(end)];
    const column = octets(head.slice(lastBreak(head)));
    const next = tail.search(/[\r\n]/);
    this.#raw = head + folded(text, this.breaks.eol, column, octets(next < 0 ? tail : tail.slice(0, next))) + tail;
    this.#text = this.#parts = undefined;
    this.#cuts = [];
  }
}

const known: ReadonlySet<string> = new Set(["BINARY", "BOOLEAN", "CAL-ADDRESS", "DATE", "DATE-TIME", "DURATION", "FLOAT", "INTEGER", "PERIOD", "RECUR", "TEXT", "TIME", "URI", "UTC-OFFSET"]);

function shift(cuts: readonly Cut[], at: number, isAfter: boolean): number {
  let sum = 0;
  for (const cut of cuts) {
    if (cut.at > at || (cut.at === at && !isAfter)) break;
    sum += cut.length;
  }
  return sum;
}

function lastBreak(text: string): number {
  return Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r")) + 1;
}

/** RFC 5545 3.1: name *(";" parameter) ":" value. */
function partsOf(text: string): Parts | undefined {
  const head = /^(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9_-]+)(?=[;:])/.exec(text);
  if (head === null) return undefined;
  const [whole, group = "", name = ""] = head;
  const parameters: Parameter[] = [];
  let isSound = true;
  let at = whole.length;
  while (text[at] === ";") {
    const end = nameEnd(text, at + 1);
    const parameter = text.slice(at + 1, end).toUpperCase();
    const isNamed = text[end] === "=" && /^[A-Z0-9_-]+$/.test(parameter);
    const values: ParameterValue[] = [];
    let next = end;
    if (text[end] === "=") {
      do {
        const value = valueFrom(text, next + 1);
        if (value === undefined) return undefined;
        if (!value.isSound) isSound = false;
        values.push(value.value);
        next = value.value.span.end;
      } while (text[next] === ",");
    }
    if (!isNamed) isSound = false;
    parameters.push({ name: isNamed ? parameter : "", values, span: { start: at, end: next } });
    at = next;
  }
  if (text[at] !== ":") return undefined;
  return { group, name: name.toUpperCase(), nameEnd: whole.length, parameters, value: { start: at + 1, end: text.length }, isSound };
}

function nameEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !/[=;:]/.test(text.charAt(at))) at++;
  return at;
}

/** A quoted value ends at its quote; one that never closes makes the line unreadable. Text behind the quote is kept as part of the value. */
function valueFrom(text: string, start: number): { readonly value: ParameterValue; readonly isSound: boolean } | undefined {
  const isQuoted = text[start] === '"';
  const close = isQuoted ? text.indexOf('"', start + 1) : start - 1;
  if (isQuoted && close < 0) return undefined;
  let end = close + 1;
  while (end < text.length && !/[,;:]/.test(text.charAt(end))) end++;
  const isWhole = isQuoted && end === close + 1;
  const raw = isWhole ? text.slice(start + 1, close) : text.slice(start, end);
  return { value: { value: decodeParameter(raw), span: { start, end }, isQuoted: isWhole }, isSound: isWhole || !raw.includes('"') };
}
