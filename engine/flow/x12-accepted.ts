import { readTree, X12Message } from "../codec/index.ts";
import { acceptedText } from "../codec/x12/ack/index.ts";
import { problemsFrom } from "../codec/x12/problems.ts";
import { allFaultsOf } from "../codec/x12/validate.ts";
import type { Problem } from "../codec/problem.ts";
import type { Channel } from "../config/project.ts";
import { readText } from "./encoding.ts";

/** An interchange of which a part alone is taken. */
export interface AcceptedPart {
  /** What is taken: the transaction sets without a fault, in their envelopes. */
  readonly raw: Uint8Array;
  /** What came, for its answer. */
  readonly text: string;
  /** Why the others are not. */
  readonly problems: readonly Problem[];
}

/**
 * Where a source reads strictly and answers with a 999, a fault refuses its own transaction set and not its neighbours: the 999 says which are
 * accepted. `undefined` where all or nothing is taken, or the bytes cannot be cut by their segments; then the channel's whole rule holds.
 */
export function acceptedPart(raw: Uint8Array, channel: Channel): AcceptedPart | undefined {
  const { format, validate, x12 } = channel.source;
  if (format !== "x12" || validate !== "refuse" || x12?.answer !== "999") return undefined;
  try {
    const { text } = readText(raw, channel.source);
    const whole = readTree("x12", text);
    // A byte a character: what stays is what came, in whatever character set.
    const bytes = readTree("x12", Buffer.from(raw).toString("latin1"));
    if (!(whole instanceof X12Message) || !(bytes instanceof X12Message) || whole.body.lines.length !== bytes.body.lines.length) return undefined;
    const faults = allFaultsOf(whole);
    const left = acceptedText(bytes, faults);
    return left ? { raw: Buffer.from(left, "latin1"), text, problems: problemsFrom(whole, faults).filter(({ severity }) => severity === "error") } : undefined;
  } catch {
    return undefined;
  }
}
