/** UTF-7 (RFC 2152): `+` and the letters of UTF-16 in base64, to a dash. */
export function utf7(text: string): string | undefined {
  if (!text.includes("+")) return undefined;
  const read = text.replace(/\+([A-Za-z0-9+/]{3,400})-?/g, (whole, run: string) => {
    const bytes = Buffer.from(run, "base64");
    if (bytes.length < 2) return whole;
    const plain = bytes.subarray(0, bytes.length & ~1).swap16().toString("utf16le");
    return /^[\p{L}\p{N}\p{P}\p{Zs}\p{M}\p{S}\r\n\t]+$/u.test(plain) && /[\x20-\x7e\u00a0-\u06ff]/.test(plain) ? plain : whole;
  });
  return read === text ? undefined : read;
}
