// What a 999, a 277CA, a 277 or an 835 says of each claim, for the billing desk.

interface Read {
  readonly type: string;
  get(path: string): string;
  values(path: string): readonly string[];
  loops(path: string): readonly string[];
}

export default function answersOf(msg: Read): object {
  const [transaction = ""] = msg.type.split(" ");
  const convention = msg.get("ST03") || msg.get("GS08");
  if (transaction === "999") return { transaction, control: msg.get("AK102"), claims: msg.loops("2000").map((loop) => ofSet(msg, loop)) };
  if (transaction === "277") return { transaction: convention.startsWith("005010X214") ? "277CA" : transaction, claims: [...msg.loops("2200D"), ...msg.loops("2200E")].map((loop) => ofStatus(msg, loop)) };
  return { transaction, claims: [] };
}

/** A transaction set of a 999: the claim's number is its control number, and what is wrong has a segment, a position and a code. */
function ofSet(msg: Read, loop: string): object {
  const faults = msg.loops(`${loop}/2100`).map((at) => ({ segment: msg.get(`${at}/IK301`), position: msg.get(`${at}/IK302`), loop: msg.get(`${at}/IK303`), code: msg.get(`${at}/IK304`) }));
  return { claim: msg.get(`${loop}/AK202`), said: msg.get(`${loop}/IK501`), faults };
}

/** Category and status of each STC, of the whole claim. */
function ofStatus(msg: Read, loop: string): object {
  const statuses = msg.values(`${loop}/STC01-1`).map((category, i) => ({ category, status: msg.values(`${loop}/STC01-2`)[i] ?? "" }));
  return { claim: msg.get(`${loop}/TRN02`), payerClaim: msg.get(`${loop}/REF(1K)02`), said: msg.get(`${loop}/STC03`), statuses };
}
