import type { Channel, LintRule } from "../../config/project.ts";
import { isAtMost } from "../levels.ts";

/**
 * L10: what code may read beside the message is of no higher class than what its destination may be sent. Lookup tables are of class none, as every channel
 * may read them; here stand those that hold what can only be somebody's number. No other state is shared: code of the library is made anew for each message,
 * attachments are put back before a class is lowered, and a channel that takes hand-offs has a class of its own (L03).
 */
export const sharedTables: LintRule = {
  code: "PHI-110",
  check: (project) =>
    project.channels.flatMap((channel) =>
      tablesRead(channel).flatMap(({ name, path, destination }) => {
        const row = rowOfSomebody(project.lookups.get(name));
        if (row === undefined) return [];
        return [{
          code: "PHI-110" as const,
          level: "error" as const,
          at: channel.place.at(...path),
          message: `row ${row} of lookup table "${name}" holds what reads as a number of a person, and destination "${destination}" may be sent less than phi`,
          help: "lookup tables are of class none: keep codes and names of things there,\nand let what depends on a person come from the message",
        }];
      }),
    ),
};

interface Reading {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly destination: string;
}

/** Each table once: for the code of the channel, or for a field of a closed list. */
function tablesRead({ lookups, destinations }: Channel): readonly Reading[] {
  const below = destinations.filter(({ sends }) => isAtMost(sends, "limited"));
  const byCode = below.slice(0, 1).flatMap(({ name: destination }) => lookups.map((name, i) => ({ name, path: ["lookups", i], destination })));
  const byField = below.flatMap(({ name: destination, only }) =>
    Object.entries(only ?? {}).flatMap(([field, spec]) => (spec.kind === "coded" ? [{ name: spec.set, path: ["destinations", destination, "only", field, "coded"], destination }] : [])));
  const all: readonly Reading[] = [...byCode, ...byField];
  return all.filter(({ name }, i) => all.findIndex((other) => other.name === name) === i);
}

function rowOfSomebody(table: Readonly<Record<string, string>> | undefined): number | undefined {
  const at = Object.entries(table ?? {}).findIndex(([key, value]) => isNumberOfSomebody(key) || isNumberOfSomebody(value));
  return at < 0 ? undefined : at + 1;
}

/** A social security number as people write it, or the number of a payment card: nothing else has these forms. */
function isNumberOfSomebody(text: string): boolean {
  const trimmed = text.trim();
  if (/^(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}$/.test(trimmed)) return true;
  const digits = trimmed.replace(/[ -]/g, "");
  return /^[3-6]\d{14,15}$/.test(digits) && isLuhn(digits);
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((all, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
