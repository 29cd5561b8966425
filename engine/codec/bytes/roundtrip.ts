import type { Format } from "../../sdk/content.ts";
import type { CsvDialect } from "../csv/index.ts";
import { Hl7Message, parseHl7 } from "../hl7v2/message.ts";
import { rebuild, structureOf } from "../hl7v2/structure.ts";
import { hasControls } from "../ical/value.ts";
import { readTree } from "../index.ts";
import { readJson, writeJson } from "../json/index.ts";
import { X12Message } from "../x12/index.ts";
import { rebuildX12, x12StructureOf } from "../x12/structure.ts";
import { ScriptMessage } from "../script/message.ts";
import type { EditableTree, Leaf, Tree } from "../tree.ts";
import { decode, encode } from "./index.ts";

/** The three checks of `inspect --roundtrip`: same bytes, same tree without the raw text, one edit that changes one span. */
export function roundTrips(bytes: Uint8Array, format: Format, seed: number, csv?: CsvDialect): boolean {
  const { text, charset } = decode(bytes, { format });
  if (!same(encode(readTree(format, text, csv).toString(), charset), bytes)) return false;
  return rebuildsEqual(text, format, csv) && editsOneSpan(text, charset, format, seed, csv);
}

function rebuildsEqual(text: string, format: Format, csv?: CsvDialect): boolean {
  if (format === "csv" || format === "xml" || format === "script" || format === "ical" || format === "text") return valuesRebuild(text, format, csv);
  if (format === "hl7v2") {
    // Through JSON, so that nothing of the first message can be shared with the second.
    const first = JSON.stringify(structureOf(parseHl7(text)));
    return JSON.stringify(structureOf(parseHl7(rebuild(JSON.parse(first))))) === first;
  }
  if (format === "x12") {
    const first = JSON.stringify(x12StructureOf(new X12Message(text)));
    return JSON.stringify(x12StructureOf(new X12Message(rebuildX12(JSON.parse(first))))) === first;
  }
  const first = writeJson(readJson(text, { numbers: "exact" }));
  return writeJson(readJson(first, { numbers: "exact" })) === first;
}

/** Every value taken out and written back by its path: each must come back with nothing of the first text left in it. */
function valuesRebuild(text: string, format: "csv" | "xml" | "script" | "ical" | "text", csv?: CsvDialect): boolean {
  const tree = readTree(format, text, csv);
  const leaves = [...tree.leaves()].filter((leaf) => isFree(leaf, format, tree));
  for (const { path } of leaves) tree.set(path, "-");
  const bare = readTree(format, tree.toString(), csv);
  for (const { path, value } of leaves) bare.set(path, value);
  const reread = readTree(format, bare.toString(), csv);
  const again = [...reread.leaves()].filter((leaf) => isFree(leaf, format, reread));
  return again.length === leaves.length && leaves.every(({ path, value }, i) => again[i]?.path === path && again[i]?.value === value);
}

function editsOneSpan(text: string, charset: string, format: Format, seed: number, csv?: CsvDialect): boolean {
  const tree = readTree(format, text, csv);
  const leaves = [...tree.leaves()].filter((leaf) => isFree(leaf, format, tree));
  const leaf = leaves[mix(seed) % Math.max(1, leaves.length)];
  if (leaf === undefined) return true;
  const escapes = tree instanceof X12Message ? false : !(tree instanceof Hl7Message) || tree.delimiters.escape !== "";
  const value = format === "ical" ? icalValue(tree, leaf.path, seed) : escapes ? `Z${seed}|^~\\&\r"${seed}` : `Z${seed}`;
  tree.set(leaf.path, value);
  const bytes = encode(tree.toString(), charset);
  const before = encode(text.slice(0, leaf.start), charset);
  const after = encode(text.slice(leaf.end), charset);
  const reread = readTree(format, decode(bytes, { format, charset }).text, csv);
  return (
    differsOnlyBetween(bytes, before, after) &&
    [...reread.leaves()].some((each) => (each.path === leaf.path || (format === "x12" && each.start === leaf.start)) && each.value === value)
  );
}

/** What only text and parameters of iCalendar can hold, else a value without line ends. */
function icalValue(tree: EditableTree, path: string, seed: number): string {
  const rich = `Z${seed}|^~\\&;,:\n"${seed}`;
  try {
    tree.set(path, rich);
    return rich;
  } catch {
    return `Z${seed}|^~\\&"${seed}`;
  }
}

/** Whether the bytes begin and end as given, with something between. */
export function differsOnlyBetween(bytes: Uint8Array, before: Uint8Array, after: Uint8Array): boolean {
  return (
    bytes.length > before.length + after.length &&
    same(bytes.subarray(0, before.length), before) &&
    same(bytes.subarray(bytes.length - after.length), after)
  );
}

/** Delimiters, names of types, control characters, text without a segment name, the name of the character set, and what is signed are not values to try. */
function isFree(leaf: Leaf, format: Format, tree: Tree): boolean {
  if (tree instanceof ScriptMessage && tree.isSignedAt(leaf.start, leaf.end)) return false;
  if (format === "ical") return !/\?|;VALUE(?:\[|$)/.test(leaf.path) && !hasControls(leaf.value.replaceAll("\n", ""));
  if (format === "xml" || format === "script") return !/\/@xmlns(?::[^/]*)?$/.test(leaf.path);
  // Of ISA, values that are wide enough for one to try.
  if (format === "x12") return !/^(?:(?:ISA|GS|ST)(?:\[\d+\])?\d\d$|(?:[^/]+\/)?\?\?\?)/.test(leaf.path) || (/^ISA(?:\[\d+\])?(?:02|04|06|08|13)$/.test(leaf.path) && leaf.end - leaf.start > 8);
  return format !== "hl7v2" || !(/^(?:MSH|FHS|BHS)(?:\[\d+\])?-[12]$|^\?\?\?(?:\[\d+\])?-0$|^MSH-18\b/.test(leaf.path));
}

/** Spreads neighbouring seeds over the leaves. */
function mix(seed: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
