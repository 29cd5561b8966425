import { type Hl7Message, parseHl7 } from "../../../codec/index.ts";
import { rebuild, type SegmentStructure, structureOf } from "../../../codec/hl7v2/structure.ts";
import { EngineError } from "../../../sdk/index.ts";
import type { DeidentifyContext } from "../context.ts";
import { latestOf } from "../dates.ts";
import type { FormatPolicy } from "../format.ts";
import { messageOf, type Read } from "./message.ts";
import { datedTypes } from "./observation.ts";
import { patientOf } from "./patient.ts";
import { namesIn } from "./names.ts";
import { part } from "./piece.ts";
import { policy, rows } from "./table.ts";

/** HL7 v2, versions 2.1 to 2.8. Every segment is written anew from what its rows let stand; a batch becomes its messages. */
export const hl7v2: FormatPolicy = {
  policies: [policy],
  patientOf,
  deidentify(text, context) {
    const message = parseHl7(text);
    const segments = messagesIn(message).flatMap((each) => messageOf(each, { ...context, ...latest(each), names: namesIn(each.map(({ tree }) => tree)) }));
    if (segments.length === 0) throw new EngineError("PHI-231");
    return rebuild({ head: "", segments });
  },
};

/** Each from its MSH to the next; headers and trailers of files and batches are of nobody's message. */
function messagesIn(message: Hl7Message): readonly (readonly Read[])[] {
  const trees = structureOf(message).segments;
  const messages: Read[][] = [];
  for (const [at, segment] of message.segments.entries()) {
    const tree = trees[at] as SegmentStructure;
    if (tree.name === "MSH" && tree.declares !== undefined) messages.push([]);
    messages.at(-1)?.push({ segment, tree });
  }
  return messages;
}

/** The latest date of something that happened: dates of birth apart. */
function latest(segments: readonly Read[]): Pick<DeidentifyContext, "latest"> {
  const found = latestOf(segments.flatMap(({ tree }) => tree.fields.flatMap((field, at) => (isDated(tree, at + 1) ? field.map((each) => part(each, 1)) : []))));
  return found === undefined ? {} : { latest: found };
}

function isDated({ name, declares, fields }: SegmentStructure, field: number): boolean {
  if (declares !== undefined) return field === 5;
  if (name === "OBX" && field === 5) return datedTypes.has(part(fields[1]?.[0] ?? [], 1));
  const row = rows.get(`${name}-${field}`);
  return row?.safeHarbor.action === "date" || row?.limited.action === "date";
}
