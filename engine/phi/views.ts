import { readable, unpacked } from "./packed.ts";

/** How deep an encoding inside an encoding is followed. */
const depth = 3;

/** The text itself and what it decodes to: percent signs, backslash escapes, entities, base64 and hex, three levels deep; each made when asked for. */
export function* views(text: string): Generator<string> {
  yield text;
  let layer = [text];
  for (let level = 0; level < depth && layer.length > 0; level++) {
    layer = layer.flatMap(decodings);
    yield* layer;
  }
}

function decodings(text: string): string[] {
  const found: string[] = [];
  if (text.includes("%")) found.push(unpercent(text));
  if (text.includes("\\")) found.push(unbackslash(text));
  if (text.includes("&")) found.push(unentity(text));
  const packed = unpacked(text);
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
  return text.replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi, (_, unit?: string, byte?: string, letter?: string) => {
    const hex = unit ?? byte;
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return letter === undefined || "nrtbf".includes(letter) ? " " : letter;
  });
}

function unentity(text: string): string {
  return text.replace(/&#(x[0-9a-f]{1,6}|[0-9]{1,7});/gi, (whole, n: string) => {
    const point = /^x/i.test(n) ? Number.parseInt(n.slice(1), 16) : Number(n);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
