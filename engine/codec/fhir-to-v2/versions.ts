import type { BackTables, Content } from "./tables.ts";

export interface FieldShape {
  readonly type: string;
  readonly repeats: boolean;
  readonly isRequired: boolean;
}

/** What one version of HL7 v2 says of segments, data types and messages. */
export class Version {
  readonly name: string;
  readonly #tables: BackTables;
  readonly #at: number;
  readonly #read = new Map<string, readonly (FieldShape | undefined)[]>();

  constructor(tables: BackTables, name: string) {
    this.#tables = tables;
    this.name = name;
    this.#at = tables.versions.indexOf(name);
  }

  isFrom(version: string): boolean {
    return this.#at >= this.#tables.versions.indexOf(version);
  }

  /** By number, from 1; nothing for a field that the version lacks or reserves. */
  field(segment: string, field: number): FieldShape | undefined {
    const since = this.#tables.since[`${segment}-${field}`];
    return since !== undefined && !this.isFrom(since) ? undefined : this.fields(segment)[field - 1];
  }

  fields(segment: string): readonly (FieldShape | undefined)[] {
    return this.#shapes("fields", segment);
  }

  /** Empty for a type without components. */
  components(type: string): readonly (FieldShape | undefined)[] {
    return this.#shapes("components", type);
  }

  /** Structure id, and its segments and groups in order; nothing where the version has no such message. */
  message(event: string): { readonly id: string; readonly content: readonly Content[] } | undefined {
    const found = this.#tables.messages[event]?.find(([run]) => this.#isIn(run));
    return found && { id: found[1], content: found[2] };
  }

  #shapes(kind: "fields" | "components", name: string): readonly (FieldShape | undefined)[] {
    const key = `${kind} ${name}`;
    let shapes = this.#read.get(key);
    if (shapes === undefined) {
      const text = Object.hasOwn(this.#tables[kind], name) ? (this.#tables[kind][name] as string) : "";
      const all = text === "" ? [] : text.split("|").map((runs) => this.#shape(runs));
      shapes = all.slice(0, all.findLastIndex((each) => each !== undefined) + 1);
      this.#read.set(key, shapes);
    }
    return shapes;
  }

  #shape(runs: string): FieldShape | undefined {
    const run = runs.split(";").find((each) => each !== "" && this.#isIn(each));
    if (run === undefined) return undefined;
    const [, type = "", more = ""] = /^..(\w+)([*!]*)$/.exec(run) ?? [];
    return { type, repeats: more.includes("*"), isRequired: more.includes("!") };
  }

  #isIn(run: string): boolean {
    return run.charCodeAt(0) - 97 <= this.#at && this.#at <= run.charCodeAt(1) - 97;
  }
}
