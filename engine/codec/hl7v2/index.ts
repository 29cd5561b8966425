export type { Presence, Value } from "./access.ts";
export type { Delimiters } from "./delimiters.ts";
export type { Hl7Leaf } from "./leaves.ts";
export { Hl7Message, parseHl7 } from "./message.ts";
export { Hl7Segment } from "./segment.ts";
