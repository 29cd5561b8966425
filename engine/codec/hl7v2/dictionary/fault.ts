import type { MessagePath } from "../path.ts";
import { componentsOf, fieldCount, fieldOf, segmentsOf } from "./index.ts";
import { definitionOf } from "./table.ts";

/** How a path goes past what a version of HL7 v2 defines. */
export type PathFault =
  /** `near`: segments of that version, to look for the one that was meant. */
  | { readonly at: "segment"; readonly near: readonly string[] }
  /** The version has `most` fields in the segment, components in the field, subcomponents in the component; `of`: the name of that owner. */
  | { readonly at: "field" | "component" | "subcomponent"; readonly most: number; readonly of: string }
  /** The field does not repeat in that version. */
  | { readonly at: "repetition"; readonly of: string };

/** Their last field stands for as many as the query has. */
const openEnded: readonly string[] = ["QPD", "RDT"];

/**
 * What a version (MSH-12.1; `undefined`: any) does not define of a path. A site's own segments (Z..) and fields of varying type are never at
 * fault. A field whose type some version divides may be divided in every version: senders keep old habits.
 */
export function faultOf(path: MessagePath, version?: string): PathFault | undefined {
  const { segment, field, component, subcomponent } = path;
  if (segment.startsWith("Z")) return undefined;
  const count = fieldCount(version, segment);
  if (count === undefined) return { at: "segment", near: segmentsOf(version) };
  if (openEnded.includes(segment) && field >= count) return undefined;
  if (field > count) return { at: "field", most: count, of: segment };
  const part = fieldOf(version, segment, field);
  const types = definitionOf("segments", segment)?.parts[field - 1]?.map(({ type }) => type) ?? [];
  if (part === undefined || types.includes("VARIES")) return undefined;
  if (path.repetition > 1 && !part.repeats) return { at: "repetition", of: part.name };
  const most = Math.max(1, ...types.map((type) => componentsOf(type).length));
  if (component > most) return { at: "component", most, of: part.name };
  if (subcomponent === 0) return undefined;
  const inner = types.map((type) => componentsOf(type)[Math.max(component, 1) - 1]).filter((each) => each !== undefined);
  const least = Math.max(1, ...inner.map(({ type }) => componentsOf(type).length));
  return subcomponent > least && !inner.some(({ type }) => type === "VARIES") ? { at: "subcomponent", most: least, of: inner.at(-1)?.name ?? part.name } : undefined;
}
