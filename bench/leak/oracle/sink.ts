import type { Planted } from "../planted.ts";
import { type Arrived, Oracle } from "./oracle.ts";

/** What a partner gets: the parts of a request as they stand on the wire. */
export interface Wire {
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly names?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly body: Uint8Array;
}

export interface SinkRecord {
  /** Number of the case; what is no case of anybody's has none. */
  readonly id: number;
  /** The first planted identifier that could be read in it. */
  readonly found: Planted | undefined;
}

/** A partner that takes everything, and writes down for each arrival whether it could read a planted identifier in it. */
export class Sink {
  readonly records: SinkRecord[] = [];
  readonly #blind: boolean;
  /** Of the list it was last asked about. */
  #knows: { readonly planted: readonly Planted[]; readonly oracle: Oracle } | undefined;

  constructor(blind = false) {
    this.#blind = blind;
  }

  /** `cleared`: this partner may read patients' bodies, so only the rest is looked at. */
  take(id: number, wire: Wire, planted: readonly Planted[], cleared = false): SinkRecord {
    const record = { id, found: new Oracle(planted, this.#blind).found(textsOf(wire, !cleared)) };
    this.records.push(record);
    return record;
  }

  /** One text that somebody is shown. */
  read(id: number, text: string, planted: readonly Planted[], shortest: number): SinkRecord {
    if (this.#knows?.planted !== planted) this.#knows = { planted, oracle: new Oracle(planted, this.#blind) };
    const record = { id, found: this.#knows.oracle.found([text], shortest) };
    this.records.push(record);
    return record;
  }

  /** Arrivals of which nothing need be read: that they came is all. */
  count(id: number): void {
    this.records.push({ id, found: undefined });
  }
}

export function textsOf({ path, query, headers, names, user, body }: Wire, withBody = true): Arrived {
  const texts: string[] = [];
  if (path !== undefined) texts.push(path, path.split("/").slice(2).join(""));
  for (const table of [query, headers, names]) {
    if (!table) continue;
    const [keys, values] = [Object.keys(table), Object.values(table)];
    texts.push(...keys, ...keys.map((key) => key.replace(/^x-/, "")), ...values, ...values.map((value) => value.replace(/\.json$/, "")), keys.join(""), keys.map((key) => key.replace(/^(?:x-)?_*/, "")).join(""), values.join(""));
  }
  if (user !== undefined) texts.push(user, user.replaceAll(":", ""));
  if (withBody) texts.push(...bodyTexts(Buffer.from(body)));
  return texts;
}

function bodyTexts(body: Buffer): string[] {
  return body.includes(0) ? [body.toString("utf16le"), body.toString("latin1"), body.toString("utf8")] : [body.toString("utf8")];
}
