import { type CsvDialect, parseCsv, rfc4180 } from "../../codec/csv/index.ts";
import type { BackMapper, BackOptions } from "../../codec/fhir-to-v2/index.ts";
import { Hl7Message, parseHl7 } from "../../codec/hl7v2/index.ts";
import { ExactNumber, isJsonNumber } from "../../codec/json/index.ts";
import { parseScript } from "../../codec/script/message.ts";
import { parseIcal } from "../../codec/ical/index.ts";
import type { MapOptions, Mapper } from "../../codec/v2-to-fhir/index.ts";
import { buildInterchange, type InterchangeOptions } from "../../codec/x12/build.ts";
import type { GrammarSource } from "../../codec/x12/grammar-port.ts";
import { parseX12 } from "../../codec/x12/index.ts";
import { parseXml } from "../../codec/xml/index.ts";
import { fromFhir, instances, toFhir } from "./calendar.ts";
import { random } from "./clock.ts";
import { fromHl7, toHl7 } from "./dates.ts";
import type { Values } from "./guest-code.ts";
import type { Journal } from "./journal.ts";

export type Lookups = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Meta {
  readonly id: string;
  readonly number: number;
  readonly channel: string;
  readonly destination: string | undefined;
  readonly receivedAt: number;
  readonly case?: { readonly matched: boolean; readonly state?: string; readonly previous?: string };
}

/** Guest code gets the dialect alone, no limits of its own. */
const csv = (text: string, dialect?: Partial<CsvDialect>) => parseCsv(text, { ...rfc4180, ...dialect });
const xml = (text: string) => parseXml(text);
const ical = (text: string) => parseIcal(text);
const script = (text: string) => parseScript(text);
const buildX12 = (options: InterchangeOptions) => buildInterchange(options);
const date = { fromHl7, toHl7 };
const decimal = (text: string) => {
  if (typeof text !== "string" || !isJsonNumber(text)) throw new RangeError("not a number as JSON writes one");
  return new ExactNumber(text);
};

/** The values of `scope`, made anew for each message: what is left of one message reaches no helper of another. */
export function scopeFor(msg: unknown, meta: Meta, { lookups, x12, mapper, backMapper }: Given, journal: Journal): Values {
  const lookup = (table: string, key: string, fallback?: string) => lookUp(lookups, table, key, fallback, journal);
  const log = (...values: unknown[]) => journal.add(values);
  const readX12 = (text: string) => parseX12(text, x12);
  const bundleOf = (message: unknown, options?: MapOptions) => mapped(mapper, message, options, journal);
  const messageOf = (input: unknown, options?: BackOptions) => mappedBack(backMapper, input, options, journal);
  return [msg, meta, lookup, log, extension, uuid, date, decimal, parseHl7, csv, xml, script, ical, readX12, buildX12, instances, toFhir, fromFhir, bundleOf, messageOf];
}

/** What of a program the helpers need. */
interface Given {
  readonly lookups: Lookups;
  readonly x12?: GrammarSource;
  readonly mapper: Mapper | undefined;
  readonly backMapper: BackMapper | undefined;
}

/** What the map could not say goes to the message's own log, as codes and places. */
function mapped(mapper: Mapper | undefined, message: unknown, options: MapOptions | undefined, journal: Journal): unknown {
  if (!mapper || !(message instanceof Hl7Message)) throw new TypeError(mapper ? "toFhir maps an HL7 v2 message" : "toFhir is called by its name alone");
  const { bundle, problems } = mapper.map(message, options);
  for (const { code, path } of problems) journal.add([`${code} ${path}`]);
  return bundle;
}

/** MSH-7 and MSH-10 come of the message's own time and randomness, so that a replay gives the same bytes. */
function mappedBack(mapper: BackMapper | undefined, input: unknown, options: BackOptions | undefined, journal: Journal): unknown {
  if (!mapper) throw new TypeError("toHl7 is called by its name alone");
  const { message, problems } = mapper.map(input, options ?? {}, { now: Date.now(), controlId: uuid().replaceAll("-", "").slice(0, 20).toUpperCase() });
  for (const { code, path } of problems) journal.add([`${code} ${path}`]);
  return message;
}

function lookUp(lookups: Lookups, table: string, key: string, fallback: string | undefined, journal: Journal): string | undefined {
  const rows = Object.hasOwn(lookups, table) ? lookups[table] : undefined;
  if (!rows) throw new RangeError("the channel declares no such lookup table");
  if (Object.hasOwn(rows, key)) return rows[key];
  journal.missed(Object.keys(lookups).indexOf(table));
  return fallback;
}

/** The one extension of a resource whose url ends in `/name`; none or several is an error. */
function extension(resource: unknown, name: string): unknown {
  const list = (resource as { extension?: unknown } | null | undefined)?.extension;
  const found = Array.isArray(list) ? list.filter((each) => typeof each?.url === "string" && each.url.endsWith(`/${name}`)) : [];
  if (found.length !== 1) throw new RangeError(found.length === 0 ? "no such extension" : "several such extensions");
  return found[0];
}

/** A version 4 UUID out of the message's own randomness: the same at every replay. */
function uuid(): string {
  const hex = Array.from({ length: 32 }, (_, at) => digit(at).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function digit(at: number): number {
  const value = Math.floor(random() * 16);
  if (at === 12) return 4;
  return at === 16 ? (value & 3) | 8 : value;
}
