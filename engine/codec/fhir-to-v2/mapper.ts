import { EngineError } from "../../sdk/error.ts";
import { type Hl7Message, parseHl7 } from "../hl7v2/message.ts";
import { Elements } from "../v2-to-fhir/elements.ts";
import { adt } from "./adt.ts";
import { eventOf } from "./event.ts";
import { Graph, isNode } from "./graph.ts";
import { header, type Stamp } from "./header.ts";
import { withOwn } from "./options.ts";
import { oru } from "./oru.ts";
import type { Paths } from "./path.ts";
import { siu } from "./siu.ts";
import type { BackOptions, BackTables, Finding } from "./tables.ts";
import { Version } from "./versions.ts";
import { Writing } from "./writing.ts";

/** A message, and what was odd on the way: codes and places, never content. */
export interface MappedBack {
  readonly message: Hl7Message;
  readonly problems: readonly Finding[];
}

/** Makes an HL7 v2 message of a FHIR R4 Bundle or resource. Made once for its tables, and used for many. */
export class BackMapper {
  readonly #tables: BackTables;
  readonly #elements: Elements;
  readonly #paths: Paths = new Map();

  constructor(tables: BackTables) {
    this.#tables = tables;
    this.#elements = new Elements(tables.elements);
  }

  /**
   * Throws MAP-001 for what no message is for, MAP-002 where a field would stay empty that the message cannot be without, MAP-003 for several of what
   * a message has one of, MAP-1nn for options that say nothing or are needed.
   */
  map(input: unknown, options: BackOptions, stamp: Stamp): MappedBack {
    if (!isNode(input) || typeof input["resourceType"] !== "string") throw new EngineError("MAP-001");
    const tables = withOwn(this.#tables, options);
    // Paths that a channel writes are not remembered: what one message brings reaches no other.
    const graph = new Graph(input, options.rows === undefined ? this.#paths : new Map());
    const event = eventOf(graph, tables, options);
    const version = new Version(tables, options.version ?? "2.5.1");
    const message = version.message(event);
    if (message === undefined) throw new EngineError("MAP-101", { option: "version" });
    const w = new Writing(graph, tables, version, options);
    const body = event.startsWith("ORU") ? oru(w) : event.startsWith("SIU") ? siu(w) : adt(w, event, stamp.now);
    const dropped = new Set(options.drop ?? []);
    const lines = body.lines(w, message.content).filter((line) => !dropped.has(line.slice(0, 3)));
    lines.unshift(header(w, event, message.id, options, stamp, lines.some((line) => /[\u0080-\uffff]/.test(line))));
    // Who wrote a record, and the envelope it came in, have no place in a message.
    for (const type of ["Provenance", "MessageHeader"]) for (const each of graph.of(type)) graph.markAll(each, ...Object.keys(each));
    return { message: parseHl7(`${lines.join("\r")}\r`), problems: told([...w.findings, ...graph.leftovers(this.#elements, tables.quiet)]) };
  }
}

/** Each finding once. */
function told(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [`${each.code} ${each.path}`, each])).values()];
}
