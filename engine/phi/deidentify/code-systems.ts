import table from "../../../schemas/deidentify/code-systems.json" with { type: "json" };

interface CodeSystem {
  readonly name: string;
  readonly form: RegExp;
  readonly check: ((code: string) => boolean) | undefined;
  /** Any number of some digits is one of its codes: it stands only where a drug does. */
  readonly isOfDrugs: boolean;
}

const dihedral = [
  "0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
];
const permuted = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];

const checks: Readonly<Record<string, (code: string) => boolean>> = { mod10: hasMod10, verhoeff: hasVerhoeff };

const systems = readSystems(table.rows);

/**
 * The name of a public code system (`LN`, `SCT`) when a code of it may stand: the system is known by any of its names (HL7 v2 table 0396, URI or OID), and the
 * code has the form of the system's codes, check digit included. Local systems, and text in the place of a code, are not kept.
 */
export function codeSystem(code: string, system: string): string | undefined {
  const known = systems.get(system.trim().toLowerCase());
  if (!known?.form.test(code)) return undefined;
  return known.check === undefined || known.check(code) ? known.name : undefined;
}

/** Whether a system, by any of its names, is of drugs alone (RxNorm, NDC). */
export function isOfDrugs(system: string): boolean {
  return systems.get(system.trim().toLowerCase())?.isOfDrugs === true;
}

/** A table with a wrong row stops the start. */
function readSystems(rows: readonly (readonly string[])[]): ReadonlyMap<string, CodeSystem> {
  const read = new Map<string, CodeSystem>();
  for (const [name, aliases, form, check = "", where = ""] of rows) {
    if (!name || !aliases || !form || (check !== "" && !checks[check]) || !/^(?:drug)?$/.test(where)) throw new RangeError(`code systems, row ${name}`);
    const system = { name, form: new RegExp(`^(?:${form})$`), check: checks[check], isOfDrugs: where === "drug" };
    for (const alias of [name, ...aliases.split(" ")]) {
      const key = alias.toLowerCase();
      if (read.has(key) && read.get(key) !== system) throw new RangeError(`code systems, ${alias} twice`);
      read.set(key, system);
    }
  }
  return read;
}

/** LOINC: the digit after the hyphen (Mod 10). */
function hasMod10(code: string): boolean {
  const digits = code.replace("-", "");
  let sum = 0;
  for (let at = digits.length - 2, double = true; at >= 0; at--, double = !double) {
    const digit = Number(digits[at]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

/** SNOMED CT: the last digit of all (Verhoeff). */
function hasVerhoeff(code: string): boolean {
  let sum = 0;
  for (let at = code.length - 1, place = 0; at >= 0; at--, place++) {
    sum = Number(dihedral[sum]?.[Number(permuted[place % 8]?.[Number(code[at])])]);
  }
  return sum === 0;
}
