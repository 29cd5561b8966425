import { expect, it } from "vitest";
import type { DestinationSpec } from "../../config/project.ts";
import { channel, destination, partner, project } from "../testing/given.ts";
import { reportFields } from "./report-fields.ts";

const counting = { method: "aggregate", dates: "year", ids: "remove", aggregate: { every: "month", timezone: "UTC", minimum: 11 } } as const;
const sex = { kind: "enum", values: ["F", "M"], optional: false } as const;
const check = (over: Partial<DestinationSpec>) =>
  reportFields.check(project([channel({ destinations: [destination({ sends: "deidentified", deidentify: counting, only: { sex }, ...over })] })], [partner()]), { now: 0 } as never).map(({ at, message }) => [at.file, message.split(", and ")[1]]);

it("counts by categories", () => {
  expect(check({ only: { sex, seen: { kind: "boolean", optional: true }, what: { kind: "const", value: "visits" }, unit: { kind: "coded", set: "units", values: ["kg"], optional: false } } })).toEqual([]);
  expect(check({ deidentify: { ...counting, method: "safe-harbor" }, only: { amount: { kind: "integer", minimum: 0, maximum: 9, optional: false } } })).toEqual([]);
});
it.each([
  ["a number", { only: { sex, amount: { kind: "integer", minimum: 0, maximum: 9, optional: false } } }, "destinations/out/only/amount", 'field "amount" (integer) is no category to count by'],
  ["a surrogate", { only: { sex, who: { kind: "surrogate" } } }, "destinations/out/only/who", 'field "who" (surrogate) is no category to count by'],
  ["a field of the name of the counts", { only: { count: sex } }, "destinations/out/only/count", 'its rows have "count" already'],
  ["constants alone", { only: { what: { kind: "const", value: "visits" } } }, "destinations/out/deidentify", "its closed list names nothing to count by"],
  ["no closed list", { only: {} }, "destinations/out/deidentify", "its closed list names nothing to count by"],
  ["a batch", { batch: { max: 2, maxBytes: 9, withinMs: 1 } }, "destinations/out/batch", "batch would say otherwise"],
  ["a window", { window: { days: ["mon"], from: "01:00", to: "02:00", timezone: "UTC" } }, "destinations/out/window", "a window would keep it back"],
  ["no queue", { queue: "none" }, "destinations/out/queue", "without a queue nothing waits for its end"],
] as const)("refuses %s", (_, over, at, why) => expect(check(over as Partial<DestinationSpec>)).toEqual([[at, why]]));

it("refuses a second report of one sender's data to one partner: one could be subtracted from the other", () => {
  const report = (name: string, every: "month" | "week") => destination({ name, sends: "deidentified", deidentify: { ...counting, aggregate: { ...counting.aggregate, every } }, only: { sex } });
  const found = reportFields.check(project([channel({ destinations: [report("months", "month"), report("weeks", "week")] })], [partner(), partner({ name: "northside" })]), { now: 0 } as never);
  expect(found.map(({ code, at }) => [code, at.file])).toEqual([["PHI-125", "destinations/weeks/deidentify"]]);
});
