import { valuesOf } from "./values.ts";

/** A longer piece is no part of a value that somebody cut. */
const longest = 64;
const longestName = 200;

/**
 * Pieces of neighbouring fields without anything between them, so that a value which was cut is whole: those of names and of values of JSON, of forms,
 * attributes, cells and lines. Numbers of JSON are amounts, and stay apart; so do a word and a number.
 */
export function glued(text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) return gluedJson(text);
  if (/^\s*</.test(text)) return glue(Array.from(text.matchAll(/=\s{0,4}"([^"<]{0,64})"/g), ([, value = ""]) => value));
  const form = valuesOf(text);
  const all = [form === undefined ? (/[|,;=\r\n]/.test(text) ? glue(text.split(/[|,;&=\r\n"]+/)) : undefined) : glue(form.split("\n"))];
  // The parts of a name, which is short.
  if (text.length <= longestName) for (const sign of ["_", "-", ".", " "]) if (text.includes(sign)) all.push(glue(text.split(sign)));
  const read = all.filter((each) => each !== undefined);
  return read.length === 0 ? undefined : read.join("\n");
}

function gluedJson(text: string): string | undefined {
  const keys: string[] = [];
  const values: string[] = [];
  for (const [, key, string = ""] of text.matchAll(/"([^"\\]{1,64})"\s{0,4}:|"((?:[^"\\]|\\.){0,64})"/g)) {
    if (key !== undefined) keys.push(key.replace(/^_+/, ""));
    else values.push(string);
  }
  const both = [glue(keys), glue(values)].filter((each) => each !== undefined);
  return both.length === 0 ? undefined : both.join("\n");
}

/** Nothing when there are fewer than two. */
export function glue(pieces: readonly string[]): string | undefined {
  let read = "";
  let count = 0;
  for (const piece of pieces) {
    if (piece === "" || piece.length > longest) continue;
    const parts = (/[a-z]$/i.test(read) && /^\d/.test(piece)) || (/\d$/.test(read) && /^[a-z]{3}/i.test(piece)) || (/[a-z]$/.test(read) && /^[A-Z]/.test(piece));
    read += parts && count > 0 ? ` ${piece}` : piece;
    count++;
  }
  return count < 2 ? undefined : read;
}
