export { acceptedText } from "./accepted.ts";
export { buildX12Ack, type X12AckOptions } from "./build.ts";
