import table from "../../../schemas/deidentify/zip3.json" with { type: "json" };

/** Prefixes that hold more than 20,000 people (45 CFR 164.514(b)(2)(i)(B)); any other is written `000`. */
export const allowedZip3: ReadonlySet<string> = new Set(read(table.allowed));

/** What the others become. */
export const noZip3 = "000";

/**
 * The first three digits of a ZIP code: a prefix of the allow-list or `000`; nothing for what is no ZIP code. A ZIP code may have lost its leading
 * zeros and may carry its four further digits. `country`: what the address says; another country's code is no ZIP code.
 */
export function zip3(value: string, country = ""): string | undefined {
  const digits = zipDigits(value, country);
  if (digits === undefined) return undefined;
  const prefix = digits.slice(0, 3);
  return allowedZip3.has(prefix) ? prefix : noZip3;
}

/** All five digits, for a limited data set (164.514(e)(2)(ii)); nothing for what is no ZIP code. */
export function zip5(value: string, country = ""): string | undefined {
  return zipDigits(value, country)?.slice(0, 5);
}

function zipDigits(value: string, country: string): string | undefined {
  if (!/^(?:|US|USA|UNITED STATES|840)$/i.test(country.trim())) return undefined;
  const found = /^(\d{3,5})(?:[\s-]*(\d{4}))?$|^(\d{3})\s(\d\d)$|^(\d{8,9})$/.exec(value.trim());
  if (!found) return undefined;
  const [, short, , three, two, long] = found;
  if (long !== undefined) return long.padStart(9, "0");
  return (short ?? `${three}${two}`).padStart(5, "0");
}

function* read(runs: string): Generator<string> {
  for (const run of runs.split(" ")) {
    const [from = "", to = from] = run.split("-");
    if (!/^\d{3}$/.test(from) || !/^\d{3}$/.test(to) || from > to || from === "000") throw new RangeError(`ZIP prefixes, run ${run}`);
    for (let at = Number(from); at <= Number(to); at++) yield String(at).padStart(3, "0");
  }
}
