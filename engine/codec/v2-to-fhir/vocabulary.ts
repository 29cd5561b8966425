import { Tokens } from "./tokens.ts";
import type { MapTables, Vocabulary } from "./tables.ts";

export interface Coded {
  readonly code: string;
  readonly system: string;
}

/** What codes and the names of code systems become. */
export class Codes {
  readonly #tables: MapTables;
  readonly #systems: Readonly<Record<string, string>>;
  readonly #authorities: Readonly<Record<string, string>>;

  constructor(tables: MapTables, own: { readonly systems?: Readonly<Record<string, string>>; readonly authorities?: Readonly<Record<string, string>> }) {
    this.#tables = tables;
    this.#systems = own.systems ?? {};
    this.#authorities = own.authorities ?? {};
  }

  table(name: string): Vocabulary | undefined {
    return Object.hasOwn(this.#tables.vocabulary, name) ? this.#tables.vocabulary[name] : undefined;
  }

  /** The target of a code, or nothing where the map has none. */
  target(table: Vocabulary, code: string): Coded | undefined {
    const to = Object.hasOwn(table.codes, code) ? table.codes[code] : undefined;
    if (typeof to === "string") return { code: to, system: table.system };
    if (to !== undefined) return { code: to[0], system: to[1] };
    return Tokens.has(table.same ?? "", code) ? { code, system: table.system } : undefined;
  }

  /** URI of a code system by the name that a message gives it: `LN`, `HL70078`, an OID. Nothing for one that nobody knows. */
  system(name: string): string | undefined {
    if (name === "") return undefined;
    if (Object.hasOwn(this.#systems, name)) return this.#systems[name];
    const upper = name.toUpperCase();
    if (Object.hasOwn(this.#tables.systems, upper)) return this.#tables.systems[upper];
    const table = /^HL7-?(\d{4})$/.exec(upper)?.[1];
    if (table !== undefined) return hl7Table(table);
    if (isOid(name)) return `urn:oid:${name}`;
    return /^(?:https?:\/\/|urn:)\S+$/.test(name) ? name : undefined;
  }

  /** URI of an assigning authority that the channel states, by namespace or universal id. */
  authority(namespace: string, universal: string): string | undefined {
    for (const each of [universal, namespace]) if (each !== "" && Object.hasOwn(this.#authorities, each)) return this.#authorities[each];
    return undefined;
  }
}

/** `0078` → the code system of that HL7 table. */
export function hl7Table(number: string): string {
  return `http://terminology.hl7.org/CodeSystem/v2-${number}`;
}

export function isOid(text: string): boolean {
  return /^[0-2](?:\.(?:0|[1-9]\d*)){3,}$/.test(text);
}
