import { readJson } from "../codec/json/index.ts";
import type { DestinationSpec } from "../config/project.ts";
import { type Counted, tabulate } from "../phi/index.ts";
import { Periods } from "../queue/period.ts";
import { type Content, EngineError } from "../sdk/index.ts";

export interface Reported {
  readonly content: Content;
  /** What the engine wrote of itself: days and counts, which may look like something of a message. */
  readonly minted: readonly string[];
}

/**
 * The report of a destination whose method is `aggregate`: what its messages are by the fields of the closed list, and how many. Absent for others. The
 * members are what the closed list made of them, so each is of its categories. Throws PHI-232 where the destination names no period, FLW-204 for what is none.
 */
export function reported(members: readonly Content[], { deidentify, only }: DestinationSpec, receivedAt: number): Reported | undefined {
  if (deidentify?.method !== "aggregate") return undefined;
  const { aggregate } = deidentify;
  if (!aggregate || !only) throw new EngineError("PHI-232");
  const { first, last } = new Periods(aggregate).of(receivedAt);
  const fields = Object.entries(only);
  const dimensions = fields.flatMap(([name, { kind }]) => (kind === "const" ? [] : [name]));
  const constants = Object.fromEntries(fields.flatMap(([name, field]) => (field.kind === "const" ? [[name, field.value]] : [])));
  const table = tabulate(members.map(recordOf), dimensions, aggregate.minimum);
  const { every, timezone, minimum } = aggregate;
  const report = { period: { first, last, every, timezone }, minimum, ...(Object.keys(constants).length > 0 && { constants }), ...table };
  const counts = [table.total, ...[...table.margins, ...(table.cells ?? [])].map(({ count }) => count)].flatMap((count) => (typeof count === "number" ? [String(count)] : []));
  return { content: { format: "json", bytes: new TextEncoder().encode(JSON.stringify(report)) }, minted: [first, last, ...new Set(counts)] };
}

function recordOf({ bytes }: Content): Counted {
  const value = readJson(new TextDecoder().decode(bytes));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new EngineError("FLW-204");
  return value as Counted;
}
