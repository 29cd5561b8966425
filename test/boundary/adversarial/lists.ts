import type { ClosedList } from "../../../engine/config/project.ts";

/** Closed lists of every kind of field, from nothing to a dozen bits, so that each can be filled to its bound by some dozen secrets. */
export const lists: Readonly<Record<string, ClosedList>> = {
  "constants and a token": { event: { kind: "const", value: "visit" }, token: { kind: "surrogate", of: "PID-3.1" } },
  "one bit": { event: { kind: "const", value: "visit" }, urgent: { kind: "boolean", optional: false } },
  "an optional word of three": { kind: { kind: "enum", values: ["new", "follow-up", "rose"], optional: true } },
  "a code": { code: { kind: "coded", set: "codes", values: ["718-7", "4548-4", "2345-7", "I10", "G20"], optional: false } },
  "a small number and a bit": { count: { kind: "integer", minimum: 0, maximum: 6, optional: false }, final: { kind: "boolean", optional: true } },
  "a number with a decimal": { score: { kind: "number", minimum: 0, maximum: 1, decimals: 1, optional: true }, kind: { kind: "enum", values: ["a", "b"], optional: false } },
};
