/** How deep an encoding inside an encoding is followed. */
const depth = 2;

/** The text itself and what it decodes to: percent signs, backslash escapes, entities, base64 and hex, two levels deep. */
export function views(text: string): string[] {
  const all = [text];
  let layer = [text];
  for (let level = 0; level < depth && layer.length > 0; level++) {
    layer = layer.flatMap(decodings);
    all.push(...layer);
  }
  return all;
}

function decodings(text: string): string[] {
  const found: string[] = [];
  if (text.includes("%")) found.push(unpercent(text));
  if (text.includes("\\")) found.push(unbackslash(text));
  if (text.includes("&")) found.push(unentity(text));
  const packed = unpack(text);
  if (packed !== "") found.push(packed);
  return found.filter((view) => view !== text);
}

function unpercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (hex) => Number.parseInt(hex, 16));
    return readable(bytes) ?? String.fromCharCode(...bytes);
  });
}

function unbackslash(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\[nrtbf]/g, " ")
    .replace(/\\(.)/g, "$1");
}

function unentity(text: string): string {
  return text.replace(/&#(x[0-9a-f]{1,6}|[0-9]{1,7});/gi, (whole, n: string) => {
    const point = /^x/i.test(n) ? Number.parseInt(n.slice(1), 16) : Number(n);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** Every run that is readable as hex or base64, each on its own line. */
function unpack(text: string): string {
  const found: string[] = [];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{6,}/g)) {
    addDecoded(run, found);
    if (/[+/_-]/.test(run)) for (const piece of run.split(/[+/_-]+/)) if (piece.length >= 6) addDecoded(piece, found);
  }
  return found.join("\n");
}

function addDecoded(run: string, found: string[]): void {
  if (run.length % 2 === 0 && run.length >= 8 && /^[0-9a-f]+$/i.test(run)) {
    const text = readable(Buffer.from(run, "hex"));
    if (text !== undefined) found.push(text);
  }
  // A run one longer than a multiple of four is no base64.
  if (run.length % 4 === 1) return;
  const text = readable(Buffer.from(run, "base64"));
  if (text !== undefined) found.push(text);
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Text of bytes that are valid UTF-8 without control characters; of random bytes almost none is. */
export function readable(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return undefined;
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
