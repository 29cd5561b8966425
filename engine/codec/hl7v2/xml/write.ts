import { escapeRun, escapeAttribute } from "../../xml/write.ts";
import { componentsOf, fieldOf, type Part } from "../dictionary/index.ts";
import { versionIndex, versions } from "../dictionary/table.ts";
import type { Delimiters } from "../delimiters.ts";
import { unescapeText } from "../escape.ts";
import type { Hl7Message } from "../message.ts";
import { oddName } from "../path.ts";
import { arrange, type Group } from "../strict/arrange.ts";
import { messagesOf, type Placed } from "../strict/index.ts";
import { structureFor } from "../strict/structures.ts";
import { EngineError } from "../../../sdk/error.ts";

/**
 * The first message of a text in the XML encoding of HL7 v2: groups as its structure has them, components by the types of its version. Of a structure that the
 * tables do not hold all segments stand below the root, and pieces that no type names are numbered after their field (`ZPT.1.2`). Escapes that are characters become
 * these, others an `escape` element. Throws `HL7-111` for a line that is no segment.
 */
export function xmlOfHl7(message: Hl7Message): string {
  const [segments] = messagesOf(message);
  const [header] = segments ?? [];
  if (segments === undefined || header === undefined || segments.some(({ name }) => name === oddName)) throw new EngineError("HL7-111");
  const code = message.get("MSH-9.1") ?? "";
  const trigger = message.get("MSH-9.2") ?? "";
  const version = versions[versionIndex(message.version) ?? versions.length - 1] as string;
  const structure = structureFor(version, code, trigger, message.get("MSH-9.3") ?? "");
  const name = structure?.id ?? (/^[A-Z][A-Z0-9]{2}$/.test(code) ? `${code}${/^[A-Z][A-Z0-9]{2}$/.test(trigger) ? `_${trigger}` : ""}` : "ACK");
  const body = structure ? group(arrange(segments.map((each) => each.name), structure).root, name, segments, version) : segments.map((each) => segmentText(each, version)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="urn:hl7-org:v2xml">${body}</${name}>\n`;
}

function group({ items }: Group, root: string, segments: readonly Placed[], version: string): string {
  return items
    .map((item) => {
      if (typeof item === "number") return segmentText(segments[item] as Placed, version);
      const name = `${root}.${item.name}`;
      return `<${name}>${group(item, root, segments, version)}</${name}>`;
    })
    .join("");
}

function segmentText({ line, name }: Placed, version: string): string {
  const { marks, text } = line;
  const fields = text.split(marks.field);
  let out = "";
  let valueType = "";
  for (const [i, raw] of fields.entries()) {
    const n = line.header ? i + 1 : i;
    if (i === 0) {
      if (line.header) out += `<${name}.1>${escapeRun(marks.field)}</${name}.1>`;
      continue;
    }
    if (raw === "") continue;
    if (line.header && n === 2) {
      out += `<${name}.2>${escapeRun(raw)}</${name}.2>`;
      continue;
    }
    if (name === "OBX" && n === 2) valueType = raw;
    const type = name === "OBX" && n === 5 ? valueType : (fieldOf(version, name, n)?.type ?? "");
    for (const each of marks.repetition === "" ? [raw] : raw.split(marks.repetition)) {
      out += `<${name}.${n}>${pieces(each, type, `${name}.${n}`, [marks.component, marks.subcomponent], marks, version)}</${name}.${n}>`;
    }
  }
  return `<${name}>${out}</${name}>`;
}

const known = new Map<string, readonly Part[]>();

function partsOf(type: string, version: string): readonly Part[] {
  const key = `${type} ${version}`;
  let parts = known.get(key);
  // OBX-2 may say anything; what no table has is not kept.
  if (parts === undefined) {
    parts = componentsOf(type, version);
    if (parts.length > 0) known.set(key, parts);
  }
  return parts;
}

/** What stands in an element: text of a simple type, elements of a composed one. `separators`: of this level and the next. */
function pieces(raw: string, type: string, owner: string, [separator = "", ...below]: readonly string[], marks: Delimiters, version: string): string {
  if (raw === "" || raw === '""') return raw;
  const parts = partsOf(type, version);
  const texts = separator === "" ? [raw] : raw.split(separator);
  if (parts.length === 0 && texts.length === 1 && !below.some((each) => each !== "" && raw.includes(each))) return run(raw, marks);
  return texts
    .map((text, i) => {
      if (text === "") return "";
      const name = parts.length > 0 ? `${type}.${i + 1}` : `${owner}.${i + 1}`;
      return `<${name}>${pieces(text, parts[i]?.type ?? "", name, below, marks, version)}</${name}>`;
    })
    .join("");
}

/** Text of a value: escapes that are characters as these, others as elements, so that nothing of them is lost. */
function run(raw: string, marks: Delimiters): string {
  if (marks.escape === "" || !raw.includes(marks.escape)) return escapeRun(raw);
  let out = "";
  let done = 0;
  for (let at = raw.indexOf(marks.escape); at >= 0; at = raw.indexOf(marks.escape, done)) {
    const close = raw.indexOf(marks.escape, at + 1);
    if (close < 0) break;
    const sequence = raw.slice(at, close + 1);
    const plain = unescapeText(sequence, marks);
    out += escapeRun(raw.slice(done, at));
    // A character that XML cannot write, and what would read as HL7 null, stays a sequence.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
    if (plain !== sequence && !/[\u0000-\u001f]/.test(plain) && plain !== '""') out += escapeRun(plain);
    else out += `<escape V="${escapeAttribute(raw.slice(at + 1, close))}"/>`;
    done = close + 1;
  }
  return out + escapeRun(raw.slice(done));
}
