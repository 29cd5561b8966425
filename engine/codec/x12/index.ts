export type { X12Delimiters } from "./delimiters.ts";
export { parseX12, X12Message } from "./message.ts";
export { X12Segment } from "./segment.ts";
