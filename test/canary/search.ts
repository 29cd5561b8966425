import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Oracle } from "../../bench/leak/oracle/oracle.ts";
import type { Planted } from "../../bench/leak/planted.ts";

/** Where a canary was found, and which; never its surroundings. */
export interface Hit {
  readonly where: string;
  readonly canary: string;
  readonly form: string;
}

/** Byte strings that say a canary: as text in several writings, and inside longer text that was packed (base64 begins at one of three places). */
export function formsOf(canaries: Readonly<Record<string, string>>): readonly (readonly [canary: string, form: string, bytes: Buffer])[] {
  const found: [string, string, Buffer][] = [];
  for (const [name, value] of Object.entries(canaries)) {
    const add = (form: string, bytes: Buffer) => void (bytes.length >= 6 && found.push([name, form, bytes]));
    for (const text of new Set([value, value.toUpperCase(), value.toLowerCase(), value.replace(/[^A-Za-z0-9]/g, "")])) {
      const utf8 = Buffer.from(text);
      add("plain", utf8);
      add("reversed", Buffer.from([...text].reverse().join("")));
      add("hex", Buffer.from(utf8.toString("hex")));
      add("HEX", Buffer.from(utf8.toString("hex").toUpperCase()));
      add("UTF-16LE", Buffer.from(text, "utf16le"));
      add("UTF-16BE", Buffer.from(text, "utf16le").swap16());
      add("percent", Buffer.from(encodeURIComponent(text)));
      for (const shift of [0, 1, 2]) {
        const packed = Buffer.concat([Buffer.alloc(shift, 32), utf8]).toString("base64").replace(/=+$/, "");
        // Signs at both ends depend on the neighbours.
        add("base64", Buffer.from(packed.slice(shift === 0 ? 0 : shift + 1, utf8.length % 3 === (3 - shift) % 3 ? undefined : -1)));
      }
    }
  }
  return found;
}

/** Every file below a folder, byte by byte: databases and their logs, sockets' folders, what was kept of deleted files. */
export function searchFolder(folder: string, forms: ReturnType<typeof formsOf>, skip: (path: string) => boolean = () => false): { readonly hits: Hit[]; readonly files: number; readonly bytes: number } {
  const hits: Hit[] = [];
  let [files, bytes] = [0, 0];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (skip(path)) continue;
    hits.push(...searchBytes(`name of ${path.slice(folder.length)}`, Buffer.from(entry.name), forms));
    if (!entry.isFile()) continue;
    files++;
    bytes += statSync(path).size;
    hits.push(...searchBytes(path.slice(folder.length), readFileSync(path), forms));
  }
  return { hits, files, bytes };
}

export function searchBytes(where: string, bytes: Buffer, forms: ReturnType<typeof formsOf>): Hit[] {
  const hits: Hit[] = [];
  for (const [canary, form, wanted] of forms) if (bytes.includes(wanted)) hits.push({ where, canary, form });
  return hits;
}

/** What somebody reads: also by the oracle of bench:leak, which decodes. */
export function searchText(where: string, text: string, canaries: Readonly<Record<string, string>>, forms: ReturnType<typeof formsOf>): Hit[] {
  const plain = searchBytes(where, Buffer.from(text), forms);
  if (plain.length > 0) return plain;
  const planted = Object.values(canaries).map((value): Planted => ({ role: "patient", kind: "account", value }));
  const found = new Oracle(planted).found([text], 6);
  return found ? [{ where, canary: found.value.slice(0, 3), form: "decoded" }] : [];
}
