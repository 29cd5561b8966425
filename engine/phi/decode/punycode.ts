import { domainToUnicode } from "node:url";

/** Labels of internationalized names (RFC 3492), as in `xn--ka-uia`. */
export function unpunycode(text: string): string | undefined {
  if (!/xn--/i.test(text)) return undefined;
  const read = text.replace(/xn--[a-z0-9-]{1,59}/gi, (label) => domainToUnicode(label) || label);
  return read === text ? undefined : read;
}
