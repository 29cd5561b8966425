import { EngineError } from "../../../sdk/error.ts";
import { localName, type Element } from "../../xml/node.ts";
import { readXml } from "../../xml/reader.ts";
import { common, type Delimiters } from "../delimiters.ts";
import { escapeText } from "../escape.ts";
import { readDelimiters } from "../delimiters.ts";

/**
 * A message in the XML encoding of HL7 v2 (v2.xml, namespace urn:hl7-org:v2xml) as one in the standard encoding, with the delimiters that its MSH.1 and
 * MSH.2 declare. Groups only hold segments, and an element says where it belongs by the number at the end of its name, so segments of a site and types that
 * no table has are read as well. Throws `XML-0nn`, and `HL7-111` for XML that is no such message.
 */
export function hl7OfXml(text: string): string {
  const root = readXml(text.replace(/^\uFEFF/, ""));
  const segments: Element[] = [];
  collect(root, segments);
  const [header] = segments;
  if (header === undefined || localName(header.name) !== "MSH") throw new EngineError("HL7-111");
  const marks = marksOf(header);
  return segments.map((segment) => `${written(segment, marks)}\r`).join("");
}

/** Whether a text is a message in XML rather than in the standard encoding. */
export function isHl7Xml(text: string): boolean {
  return /^\uFEFF?\s*<(?:\?xml[^>]*\?>)?[^>]*?(?:urn:hl7-org:v2xml|<(?:\w+:)?MSH>)/.test(text.slice(0, 2000));
}

/** Segments in the order of the text, out of groups of any depth. */
function collect(element: Element, out: Element[]): void {
  for (const child of element.children) {
    const name = localName(child.name);
    if (/^[A-Z][A-Z0-9]{2}$/.test(name)) out.push(child);
    else if (name.includes(".") || child.children.length > 0) collect(child, out);
    else throw new EngineError("HL7-111");
  }
}

function marksOf(header: Element): Delimiters {
  const text = (n: number) => textOf(header.children.find((child) => localName(child.name) === `MSH.${n}`));
  const [field, others] = [text(1), text(2)];
  return field === "" && others === "" ? common : readDelimiters(`MSH${field}${others}${field}`, 0);
}

function textOf(element: Element | undefined): string {
  return element?.runs.map(({ value }) => value).join("") ?? "";
}

function written(segment: Element, marks: Delimiters): string {
  const name = localName(segment.name);
  const fields: string[][] = [];
  for (const child of segment.children) {
    const n = numberOf(child);
    // MSH-1 and MSH-2 are the delimiters.
    if (name === "MSH" && n <= 2) continue;
    (fields[n] ??= []).push(fieldOf(child, marks));
  }
  if (fields.some((each) => each !== undefined && each.length > 1) && marks.repetition === "") throw new EngineError("HL7-105", { needs: "repetition" });
  const start = name === "MSH" ? 3 : 1;
  const texts = Array.from({ length: Math.max(fields.length - start, 0) }, (_, i) => (fields[start + i] ?? []).join(marks.repetition));
  const head = name === "MSH" ? `MSH${marks.field}${marks.component}${marks.repetition}${marks.escape}${marks.subcomponent}${marks.truncation}` : name;
  return [head, ...texts].join(marks.field);
}

/** `PID.3` and `CX.4` say 3 and 4. */
function numberOf(element: Element): number {
  const [, digits = ""] = /\.(\d{1,4})$/.exec(localName(element.name)) ?? [];
  if (Number(digits) < 1) throw new EngineError("HL7-111");
  return Number(digits);
}

function fieldOf(element: Element, marks: Delimiters): string {
  return joined(element, marks.component, (component) => joined(component, marks.subcomponent, (piece) => leaf(piece, marks), marks), marks);
}

/** Children by their numbers with the separator between them; an element without any is a value. */
function joined(element: Element, separator: string, inner: (child: Element) => string, marks: Delimiters): string {
  const children = element.children.filter((child) => localName(child.name) !== "escape");
  if (children.length === 0) return leaf(element, marks);
  const parts: string[] = [];
  for (const child of children) parts[numberOf(child) - 1] = inner(child);
  if (parts.length > 1 && separator === "") throw new EngineError("HL7-105", { needs: "component" });
  return Array.from(parts, (part) => part ?? "").join(separator);
}

/** Text with its escape elements. Of what is nested deeper than the standard encoding goes, the first piece. */
function leaf(element: Element, marks: Delimiters): string {
  const first = element.children.find((child) => localName(child.name) !== "escape");
  if (first !== undefined) return leaf(first, marks);
  const pieces = [
    ...element.runs.map(({ start, value }) => ({ start, text: value === '""' ? value : escapeText(value, marks) })),
    ...element.children.map((child) => ({ start: child.start, text: `${marks.escape}${child.attributes.find(({ name }) => name === "V")?.value ?? ""}${marks.escape}` })),
  ];
  return pieces.sort((a, b) => a.start - b.start).map(({ text }) => text).join("");
}
