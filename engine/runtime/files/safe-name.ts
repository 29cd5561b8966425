import { Buffer } from "node:buffer";
import type { Random } from "../../sdk/index.ts";

/** What the engine calls its own files while it works on them; the leading dot keeps them out of every listing. */
export const own = { taken: ".sluice-taken-", unfinished: ".sluice-unfinished-" } as const;

const longest = 255;
/** Names that are devices where such a folder is shared with Windows. */
const devices = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** Whether a name is one plain name in every folder it may come to: nothing that climbs, hides, or ends a line (threat T12). */
export function isSafeName(name: string): boolean {
  if (name === "" || name.startsWith(".") || Buffer.byteLength(name) > longest || !name.isWellFormed()) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !/[/\\\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(name) && !/[. ]$/.test(name) && !devices.test(name);
}

/** A name beside one that is taken: the same with a mark of the engine's making, or that mark alone where it would be too long. */
export function besideName(name: string, random: Random): string {
  const mark = hex(random.bytes(6));
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  const beside = `${stem}-${mark}${extension}`;
  return isSafeName(beside) ? beside : mark;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
