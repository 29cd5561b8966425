import facts from "../../../../schemas/hl7v2/constraints.json" with { type: "json" };
import codes from "../../../../schemas/hl7v2/tables.json" with { type: "json" };

/** What one version asks of a field or component beyond its type. */
export interface Constraint {
  readonly isRequired: boolean;
  /** Most characters of one repetition, delimiters included; Infinity: none stated. */
  readonly length: number;
  /** `0001`; empty for none. */
  readonly table: string;
}

export const unconstrained: Constraint = { isRequired: false, length: Number.POSITIVE_INFINITY, table: "" };

type Kind = "segments" | "types";
interface Run extends Constraint {
  readonly first: number;
  readonly last: number;
}
const read: Readonly<Record<Kind, Map<string, readonly (readonly Run[])[]>>> = { segments: new Map(), types: new Map() };

/** `at`: the version, as an index of `versions`. `part` counts from 1. */
export function constraintOf(kind: Kind, name: string, part: number, at: number): Constraint {
  return runsOf(kind, name)[part - 1]?.find(({ first, last }) => first <= at && at <= last) ?? unconstrained;
}

function runsOf(kind: Kind, name: string): readonly (readonly Run[])[] {
  const known = read[kind].get(name);
  if (known !== undefined) return known;
  const texts: Readonly<Record<string, string>> = facts[kind];
  const text = Object.hasOwn(texts, name) ? (texts[name] as string) : "";
  const runs = text.split("|").map((part) => (part === "" ? [] : part.split(";").map(run)));
  read[kind].set(name, runs);
  return runs;
}

function run(text: string): Run {
  const [, , optionality, length = "", table = ""] = /^(..)([RC]?)(\d*)(?:#(\d+))?$/.exec(text) ?? [];
  return {
    first: text.charCodeAt(0) - 97,
    last: text.charCodeAt(1) - 97,
    isRequired: optionality === "R",
    length: length === "" ? Number.POSITIVE_INFINITY : Number(length),
    table: table === "" ? "" : table.padStart(4, "0"),
  };
}

const sets = new Map<string, ReadonlySet<string> | undefined>();
const closed: ReadonlySet<string> = new Set(codes.closed);

/** The codes of a table of HL7; `undefined` for one that the engine does not hold. */
export function codesOf(table: string): ReadonlySet<string> | undefined {
  if (!sets.has(table)) {
    const texts: Readonly<Record<string, string>> = codes.tables;
    sets.set(table, Object.hasOwn(texts, table) ? new Set((texts[table] as string).split("|")) : undefined);
  }
  return sets.get(table);
}

/** Whether the codes of a table are HL7's own, which a site cannot add to. */
export function isClosed(table: string): boolean {
  return closed.has(table);
}
