import type { Format } from "../sdk/index.ts";
import { buildScriptInquiry, readScriptInquiry } from "./script/inquiry.ts";

/**
 * What a partner says became of a message: `taken`; `refused`, by whoever was to act on it; `absent`, it has nothing of it, or could not pass it on; `nothing` that
 * would settle it.
 */
export type Said = "taken" | "refused" | "absent" | "nothing";

/** How a standard asks what became of a message that was sent. Total: what cannot be read says nothing. */
export interface InquiryForm {
  /** The inquiry about a sent text, under an id of the engine's making (letters and digits, at most 35); nothing where none can be made. */
  build(sent: string, by: { readonly id: string; readonly now: number }): string | undefined;
  read(sent: string, inquiry: string, answer: string): Said;
}

const forms: Partial<Record<Format, InquiryForm>> = {
  script: { build: buildScriptInquiry, read: readScriptInquiry },
};

/** Formats whose standard has an inquiry. */
export const inquirable: readonly Format[] = Object.keys(forms) as Format[];

export function inquiryForm(format: Format): InquiryForm | undefined {
  return forms[format];
}
