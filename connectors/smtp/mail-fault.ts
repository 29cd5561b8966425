import type { Code } from "../../engine/sdk/index.ts";

/** What a mail server said, or that it said nothing, as a code. `isInDoubt`: the body may have arrived. Its text stays behind as `cause`. */
export class MailFault extends Error {
  readonly code: Code;
  readonly isInDoubt: boolean;
  constructor(code: Code, { isInDoubt = false, cause }: { readonly isInDoubt?: boolean; readonly cause?: unknown } = {}) {
    super(code, { cause });
    this.code = code;
    this.isInDoubt = isInDoubt;
  }
}
