import type { AcknowledgesSpec, AlertSpec } from "../alert-spec.ts";
import type { LookupTable } from "./lookups.ts";
import { map, milliseconds, optional, text, texts } from "./tolerant.ts";

/** `alert:` of a destination, with the rows of its table. */
export function readAlert(written: unknown, lookups: ReadonlyMap<string, LookupTable>): AlertSpec | undefined {
  if (written === undefined) return undefined;
  const value = map(written);
  const acknowledge = map(value.acknowledge);
  return {
    owner: text(value.owner),
    list: text(value.list, "critical-results"),
    withinMs: milliseconds(acknowledge.within ?? "5m"),
    escalate: texts(acknowledge.escalate),
    ...optional("answer", acknowledge.answer === undefined ? undefined : text(acknowledge.answer)),
    flags: texts(value.flags),
    ranges: lookups.get(text(value.ranges))?.rows ?? {},
    ...optional("rangesTable", value.ranges === undefined ? undefined : text(value.ranges)),
  };
}

/** `acknowledges:` of a channel. */
export function readAcknowledges(written: unknown): AcknowledgesSpec | undefined {
  return written === undefined ? undefined : { alert: text(map(written).alert), by: text(map(written).by) };
}
