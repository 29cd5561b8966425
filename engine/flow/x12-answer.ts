import { readTree, X12Message } from "../codec/index.ts";
import { buildX12Ack } from "../codec/x12/ack/index.ts";
import { allFaultsOf } from "../codec/x12/validate.ts";
import type { Answer } from "./responded.ts";

interface Asked {
  readonly text: string | undefined;
  readonly answer: Answer;
  /** 999 (997 for groups of version 4010) or TA1. */
  readonly kind: "999" | "TA1";
  /** The source reads strictly: what is accepted has no fault, and what has one was not taken. */
  readonly isStrict: boolean;
  readonly now: number;
  readonly controlNumber: number;
}

/**
 * The answer to X12. Of an interchange that was taken each transaction set is accepted (A), or accepted with the errors it has (E), or where the
 * source reads strictly rejected (R) for them; of one that was refused each is rejected, those without a fault as well. `undefined` where X12
 * has nothing to say: the text is no interchange, holds acknowledgements alone, or the engine cannot take it now.
 */
export function x12Answer({ text, answer, kind, isStrict, now, controlNumber }: Asked): string | undefined {
  if (text === undefined || ("error" in answer && isLater(answer))) return undefined;
  try {
    const message = readTree("x12", text);
    if (!(message instanceof X12Message)) return undefined;
    const isRefused = "error" in answer;
    const fate = isRefused ? { isTaken: false, isUnsupported: answer.error === "FLW-101" } : isStrict && kind === "999" ? {} : { isTaken: true };
    const said = buildX12Ack(message, allFaultsOf(message), { now, controlNumber, answer: kind, ...fate });
    return said === "" ? undefined : said;
  } catch {
    return undefined;
  }
}

/** Not now: the sender sends it again as it is. */
function isLater(answer: Extract<Answer, { readonly error: unknown }>): boolean {
  return answer.condition === "207" || answer.error === "FLW-104" || answer.error === "FLW-105" || answer.error.startsWith("STO-");
}
