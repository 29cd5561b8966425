import type { Budget } from "./budget.ts";
import { readable } from "./bytes.ts";

/**
 * What stands between the marks of Ascii85 (`<~…~>`) and of uuencode (POSIX, `begin 644 name` … `end`), one block a line. Such marks say that there is
 * something packed: a block that nobody can read is `sealed`.
 */
export function unarmoured(text: string, budget: Budget): string | undefined {
  const found: string[] = [];
  const keep = (bytes: Uint8Array | undefined) => {
    const plain = bytes && readable(bytes);
    if (plain) found.push(plain);
    else budget.isSealed = true;
  };
  if (text.includes("<~")) for (const [, run = ""] of text.matchAll(/<~([\s\S]{2,4096}?)~>/g)) keep(/^[!-uz\s]+$/.test(run) ? ascii85(run.replace(/\s+/g, "")) : undefined);
  if (text.includes("begin ")) for (const [, run = ""] of text.matchAll(/begin [0-7]{3,4} [^\s]{1,255}[ \t]*[\r\n ]\s*([!-`][\s\S]*?)(?:[\r\n ]\s*end\b|$)/g)) {
    if (/^[!-`]+(?:\s|$)/.test(run)) keep(uuencoded(run));
    // Its last line is a block of no bytes: nobody writes that by chance.
    else if (/\s`\s*$/.test(run)) budget.isSealed = true;
  }
  return found.length === 0 ? undefined : found.join("\n");
}

function ascii85(run: string): Uint8Array | undefined {
  const signs = run.replaceAll("z", "!!!!!");
  const bytes: number[] = [];
  for (let at = 0; at < signs.length; at += 5) {
    const five = signs.slice(at, at + 5);
    let word = 0;
    for (const sign of five.padEnd(5, "u")) word = word * 85 + sign.charCodeAt(0) - 33;
    if (five.length === 1 || word > 0xffffffff) return undefined;
    bytes.push(...[24, 16, 8, 0].slice(0, five.length - 1).map((shift) => (word >>> shift) & 255));
  }
  return Uint8Array.from(bytes);
}

/** Lines are parted by breaks, or by spaces where a header folded them; the first sign of each is its count of bytes. */
function uuencoded(run: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const line of run.split(/\s+/)) {
    const count = (line.charCodeAt(0) - 32) & 63;
    if (/[^!-`]/.test(line)) break;
    if (line === "" || count === 0) continue;
    if (line.length - 1 < Math.ceil(count / 3) * 4) return undefined;
    const six = Array.from(line.slice(1), (sign) => (sign.charCodeAt(0) - 32) & 63);
    const of: number[] = [];
    for (let k = 0; k < six.length; k += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = six.slice(k, k + 4);
      of.push(((a << 2) | (b >> 4)) & 255, ((b << 4) | (c >> 2)) & 255, ((c << 6) | d) & 255);
    }
    bytes.push(...of.slice(0, count));
  }
  return Uint8Array.from(bytes);
}
