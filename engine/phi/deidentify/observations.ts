import table from "../../../schemas/deidentify/observation-codes.json" with { type: "json" };
import { codeSystem } from "./code-systems.ts";

/** The first that a code of an observation says, decides. */
const roles = ["identifier", "age", "birth", "date"] as const;

/** What the value of an observation is when it is no finding. */
export type ObservationRole = (typeof roles)[number];

/** A code, and its system as the sender wrote it. */
export type SystemCode = readonly [code: string, system: string];

const known = readRoles(table.rows);

/** By the codes of an observation, of LOINC or SNOMED CT; nothing for a finding (phi.md 3.1a). */
export function observationRole(codes: readonly SystemCode[]): ObservationRole | undefined {
  const said = codes.map(([code, system]) => known.get(`${codeSystem(code, system)} ${code}`));
  return roles.find((role) => said.includes(role));
}

/** A table with a wrong row stops the start. */
function readRoles(rows: readonly (readonly string[])[]): ReadonlyMap<string, ObservationRole> {
  const read = new Map<string, ObservationRole>();
  for (const [system = "", code = "", said] of rows) {
    const role = roles.find((each) => each === said);
    const key = `${system} ${code}`;
    if (!role || read.has(key) || codeSystem(code, system) !== system) throw new RangeError(`observation codes, ${key}`);
    read.set(key, role);
  }
  return read;
}
