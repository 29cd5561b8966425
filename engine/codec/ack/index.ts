export { type AckError, type AckOptions, buildAck } from "./build.ts";
export { type Header, readHeader } from "./header.ts";
export { type ReadAck, readAck } from "./read.ts";
