export { type AckError, type AckOptions, buildAck } from "./build.ts";
export { buildOutcome } from "./outcome.ts";
export { type AckCode, type AckCondition, ackLevel, type AcksDue, acksDue, isDue } from "./due.ts";
export { type Header, readHeader } from "./header.ts";
export { type ReadAck, readAck } from "./read.ts";
