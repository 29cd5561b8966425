import { EngineError } from "../../sdk/error.ts";
import { type Graph, isNode, listOf, type Node } from "./graph.ts";
import type { BackOptions, BackTables } from "./tables.ts";

/** Which message is written: `ORU^R01`, `ADT^A03`. Stated by the channel, else by a MessageHeader, else what the resources imply. */
export function eventOf(graph: Graph, tables: BackTables, options: BackOptions): string {
  if (options.event !== undefined) {
    const stated = known(tables, options.event);
    if (stated === undefined) throw new EngineError("MAP-101", { option: "event" });
    return stated;
  }
  const [header] = graph.of("MessageHeader");
  const coding = header && listOf(header["eventCoding"]).find(isNode);
  if (coding !== undefined && String(coding["system"]).endsWith("/v2-0003")) {
    const stated = known(tables, String(coding["code"]));
    if (stated === undefined) throw new EngineError("MAP-001");
    return stated;
  }
  return implied(graph, tables);
}

/** `A08`, `ADT^A08`, `ADT^A08^ADT_A01`. */
function known(tables: BackTables, text: string): string | undefined {
  const wanted = text.split("^").slice(0, 2).join("^");
  return Object.keys(tables.messages).find((each) => each === wanted || each.endsWith(`^${wanted}`));
}

function implied(graph: Graph, { events }: BackTables): string {
  const [appointment] = graph.of("Appointment");
  if (appointment !== undefined) return `SIU^${stated(events["Appointment.status"]?.[String(appointment["status"])])}`;
  if (graph.of("DiagnosticReport").length > 0 || graph.of("Observation").some((each) => !graph.isContained(each))) return "ORU^R01";
  const [encounter] = graph.of("Encounter");
  if (encounter !== undefined) {
    const byStatus = events["Encounter.status"]?.[String(encounter["status"])];
    const code = String((encounter["class"] as Node | undefined)?.["code"] ?? "");
    const byClass = events["Encounter.class"] ?? {};
    return `ADT^${stated(byStatus ?? byClass[code] ?? byClass["*"])}`;
  }
  if (graph.of("Patient").length > 0) throw new EngineError("MAP-102");
  throw new EngineError("MAP-001");
}

function stated(code: string | undefined): string {
  if (code === undefined) throw new EngineError("MAP-102");
  return code;
}
