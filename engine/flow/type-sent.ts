import { readHeader } from "../codec/ack/index.ts";
import { headerView } from "../codec/bytes/index.ts";

const known = new WeakMap<Uint8Array, string>();

/** MSH-9 of what would be sent, empty without one: its link asks for it, and the ledger. */
export function hl7Type(bytes: Uint8Array): string {
  let type = known.get(bytes);
  if (type === undefined) known.set(bytes, (type = readHeader(headerView(bytes) ?? "")?.type ?? ""));
  return type;
}
