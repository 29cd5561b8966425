import type { Mint } from "../phi/boundary.ts";
import type { FlowPorts } from "./ports.ts";

/** Days by which dates may move, either way; a shift within a week says nearly the day. */
const furthest = 365;
const nearest = 7;

/** Tokens toward partners: random ones are kept by the store, derived ones follow from its key. */
export function mintOf(ports: Pick<FlowPorts, "random" | "store">): Mint {
  return {
    surrogate: (partner, kind, value) => (value === undefined ? hex(ports.random.bytes(16)) : ports.store.surrogate(partner, kind, value)),
    ...derivedMint(ports.store),
  };
}

/** What follows from the store's key alone, and is the same whoever asks. */
export function derivedMint(store: Pick<FlowPorts["store"], "keyedId">): Pick<Mint, "pseudonym" | "shiftDays"> {
  return {
    pseudonym: (owner, partner, kind, value) => store.keyedId("pseudonym", owner, partner, kind, value),
    shiftDays: (owner, partner, patient) => daysOf(store.keyedId("date shift", owner, partner, patient)),
  };
}

/** From 48 bits, so that no distance is likelier than another. */
function daysOf(id: string): number {
  const distances = furthest - nearest + 1;
  const at = Number.parseInt(id.slice(0, 12), 16) % (2 * distances);
  return at < distances ? nearest + at : -(nearest + at - distances);
}

function hex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}
