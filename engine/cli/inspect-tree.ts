import { componentsOf, fieldOf, type Part, segmentName } from "../codec/hl7v2/dictionary/index.ts";
import { propertyRow } from "../codec/ical/index.ts";
import { Hl7Message, IcalMessage, type Tree, X12Message } from "../codec/index.ts";
import { segmentNames } from "../codec/x12/leaves.ts";
import { nameOf } from "../codec/x12/grammar/index.ts";

/** A message as lines: each leaf with its path, the standard's names where there are some, and its value. */
export function treeLines(tree: Tree): string[] {
  if (tree instanceof IcalMessage) return icalLines(tree);
  if (tree instanceof X12Message) return x12Lines(tree);
  return tree instanceof Hl7Message ? hl7Lines(tree) : Array.from(tree.leaves(), ({ path, value }) => `  ${path.padEnd(40)} ${printable(value)}`);
}

function hl7Lines(message: Hl7Message): string[] {
  const version = message.version;
  const lines: string[] = [];
  let segment = "";
  let valueType = "";
  for (const { path, value } of message.leaves()) {
    const match = /^(([A-Z0-9?]{3})(?:\[\d+\])?)-(\d+)(?:\[\d+\])?(?:\.(\d+))?(?:\.(\d+))?$/.exec(path);
    if (match === null) {
      lines.push(`  ${path.padEnd(40)} ${printable(value)}`);
      continue;
    }
    const [, at = "", name = "", ...numbers] = match;
    if (at !== segment) {
      lines.push(`${at}  ${segmentName(name) ?? ""}`.trimEnd());
      valueType = "";
    }
    segment = at;
    if (name === "OBX" && numbers[0] === "2") valueType = value;
    const words = namesOf(version, name, numbers.map(Number), name === "OBX" ? valueType : "");
    lines.push(`  ${path.padEnd(16)} ${words.padEnd(40)} ${printable(value)}`);
  }
  return lines;
}

/** By loop and segment, with the name of the segment's use in its convention and of each element. */
function x12Lines(message: X12Message): string[] {
  const { lines } = message.body;
  const { at, uses } = message.outline;
  const version = message.get("GS08").slice(0, 6);
  const out: string[] = [];
  const names = segmentNames(lines, message.outline);
  const leaves = Map.groupBy(message.leaves(), ({ path }) => path.replace(/\d\d(?:\[\d+\])?(?:-\d+)?$/, ""));
  names.forEach((name, i) => {
    const loop = at[i]?.loop;
    if (loop !== undefined && at[i]?.start === i) out.push(`${at[i]?.id}  ${loop.name}`.trimEnd());
    out.push(`${name}  ${uses[i]?.name ?? ""}`.trimEnd());
    for (const { path, value } of leaves.get(name) ?? []) {
      const [, element = "0", component = "0"] = /(\d\d)(?:\[\d+\])?(?:-(\d+))?$/.exec(path) ?? [];
      const segment = name.replace(/^.*\//, "").replace(/\[.*$/, "");
      out.push(`  ${path.padEnd(24)} ${(nameOf(version, segment, Number(element), Number(component)) ?? "").padEnd(36)} ${printable(value)}`);
    }
  });
  return out;
}

/** With what the property is for, in words. */
function icalLines(message: IcalMessage): string[] {
  return Array.from(message.leaves(), ({ path, value }) => {
    const name = /([^/;.[\]]+)(?:\[\d+\])?(?:\.\d+)?(?:;[^/]*)?$/.exec(path)?.[1] ?? "";
    return `  ${path.padEnd(32)} ${(path.includes(";") ? "" : (propertyRow(name)?.words ?? "")).padEnd(24)} ${printable(value)}`;
  });
}

/** `Patient Name · Family Name`. The type of a field that varies is what OBX-2 said. */
function namesOf(version: string, segment: string, [field = 0, ...below]: readonly number[], valueType: string): string {
  let part: Part | undefined = fieldOf(version, segment, field) ?? fieldOf(undefined, segment, field);
  const words: string[] = [];
  if (part) words.push(part.name);
  for (const number of below) {
    if (part === undefined || Number.isNaN(number)) break;
    const owner: string = part.type === "VARIES" ? valueType : part.type;
    part = componentsOf(owner, version)[number - 1];
    if (part && part.name !== words.at(-1)) words.push(part.name);
  }
  return words.join(" · ");
}

/** Control characters of a message must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
