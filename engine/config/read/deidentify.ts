import type { DeidentifySpec } from "../project.ts";
import { deidentifyMethods } from "../schema/deidentify.ts";
import type { CheckedFile } from "./checked-file.ts";
import { readCode } from "./code.ts";
import type { Reading } from "./reading.ts";
import { choice, map, number, optional, text } from "./tolerant.ts";

/** `deidentify:` with the defaults of its method. A method nobody knows is read as the strictest. */
export function readDeidentify(reading: Reading, checked: CheckedFile, path: readonly (string | number)[], written: unknown): DeidentifySpec | undefined {
  if (written === undefined) return undefined;
  const value = typeof written === "string" ? { method: written } : map(written);
  const method = choice(value.method, deidentifyMethods, "safe-harbor");
  const aggregate = value.aggregate === undefined ? undefined : map(value.aggregate);
  return {
    method,
    ...optional("certificate", value.certificate as string | undefined),
    dates: choice(value.dates, ["year", "shift", "keep"], method === "limited-data-set" ? "keep" : "year"),
    ids: choice(value.ids, ["remove", "surrogate", "pseudonym"], "surrogate"),
    ...optional("transform", readCode(reading, checked, [...path, "transform"])),
    ...optional("aggregate", aggregate && {
      every: choice(aggregate.every, ["day", "week", "month"], "month"),
      timezone: text(aggregate.timezone, "UTC"),
      minimum: number(aggregate.minimum, 11),
    }),
  };
}
