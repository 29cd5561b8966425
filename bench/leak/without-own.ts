/**
 * A text without what the engine's clock says in it: moments between the beginning of this run and now, in which nobody here was born, admitted or has died. What only looks like
 * a moment stays: HL7 v2 writes whole seconds, RFC 3339 and names of files thousandths too. Its tokens are read for themselves.
 */
export function withoutOwn(text: string, began: number, now: number): { readonly rest: string; readonly tokens: string } {
  const tokens: string[] = [];
  const rest = text
    .replace(/(?<!\d)(\d{4})-?(\d\d)-?(\d\d)[T-]?(\d\d):?(\d\d):?(\d\d)(?:\.?(\d{3}))?(?!\d)/g, (all, ...parts: (string | undefined)[]) => {
      const [y, mo, d, h, mi, s] = parts.slice(0, 6).map(Number) as [number, number, number, number, number, number];
      const [ms, length] = parts[6] === undefined ? [0, 1000] : [Number(parts[6]), 1];
      const moment = Date.UTC(y, mo - 1, d, h, mi, s, ms);
      return moment + length > began && moment <= now ? "moment" : all;
    })
    .replace(/(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])/g, (token) => {
      tokens.push(token);
      return "token";
    });
  return { rest, tokens: tokens.join("\n") };
}
