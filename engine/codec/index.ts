import type { Format } from "../sdk/content.ts";
import { parseHl7 } from "./hl7v2/message.ts";
import { parseJson } from "./json/tree.ts";
import { TextTree } from "./text.ts";
import type { Tree } from "./tree.ts";

export { type AckCode, ackLevel, type AcksDue, acksDue, buildAck, isDue, readAck, readHeader } from "./ack/index.ts";
export { type Detected, detectFormat } from "./detect.ts";
export { Hl7Message, Hl7Segment, parseHl7 } from "./hl7v2/index.ts";
export { ExactNumber, extensionValues, type Json, JsonTree, parseJson, readJson, writeJson } from "./json/index.ts";
export type { Leaf, Tree } from "./tree.ts";

/** Reads a text as a tree of its format. Throws `HL7-0nn` or `JSN-0nn`. */
export function readTree(format: Format, text: string): Tree {
  switch (format) {
    case "hl7v2":
      return parseHl7(text);
    case "json":
    case "fhir":
      return parseJson(text, format);
    default:
      return new TextTree(text);
  }
}
