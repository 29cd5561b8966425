import { SaxesParser } from "saxes";
import { EngineError } from "../../sdk/error.ts";
import { placeAt } from "../place.ts";
import type { Attribute, Element, Run } from "./node.ts";

/** What the reader takes. */
export interface XmlLimits {
  readonly depth?: number;
  readonly elements?: number;
  /** UTF-16 units of the text. */
  readonly length?: number;
}

export const defaultLimits: Required<XmlLimits> = Object.freeze({ depth: 256, elements: 1_000_000, length: 64 * 1024 * 1024 });

/**
 * The one reader of XML 1.0. saxes says what is well-formed; a document type is refused before anything of it has a meaning, so there are no
 * entities but the five of XML and nothing is ever fetched. Throws `XML-0nn` with line and column, never with a quote.
 */
export function readXml(text: string, limits: XmlLimits = {}): Element {
  const { depth, elements, length } = { ...defaultLimits, ...limits };
  if (text.length > length) throw new EngineError("XML-006", { limit: length });
  const fail = (code: "XML-001" | "XML-002" | "XML-003" | "XML-004" | "XML-005", at: number): never => {
    throw new EngineError(code, placeAt(text, at));
  };
  const parser = new SaxesParser({ position: false, forceXMLVersion: true, defaultXMLVersion: "1.0" });
  const open: Open[] = [];
  let attributes: Attribute[] = [];
  let root: Element | undefined;
  let count = 0;
  let begin = 0;
  parser.on("error", (error) => fail(/undefined entity/.test(error.message) ? "XML-003" : "XML-001", Math.max(0, parser.position - 1)));
  parser.on("doctype", () => fail("XML-002", Math.max(0, text.indexOf("<!"))));
  parser.on("attribute", ({ name, value }) => {
    const end = parser.position - 1;
    attributes.push({ name, value, start: text.lastIndexOf(text.charAt(end), end - 1) + 1, end });
  });
  parser.on("opentag", ({ name, isSelfClosing }) => {
    const at = parser.position;
    if (open.length >= depth) fail("XML-004", at - 1);
    if (++count > elements) fail("XML-005", at - 1);
    const start = isSelfClosing ? at - 2 : at;
    const element: Open = { name, attributes, children: [], runs: [], start, end: at, isEmptyTag: isSelfClosing };
    attributes = [];
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
    begin = at;
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (element === undefined) return;
    if (!element.isEmptyTag) element.end = text.lastIndexOf("</", parser.position - 1);
    if (element.children.length > 0) element.runs = element.runs.filter(({ isBlank }) => !isBlank);
    begin = parser.position;
  });
  // Text and a section right behind it are one stretch, however they are written.
  const run = (value: string, end: number, isBlank: boolean) => {
    const runs = open.at(-1)?.runs;
    const before = runs?.at(-1);
    if (before?.end === begin) runs?.splice(-1, 1, { value: before.value + value, start: before.start, end, isBlank: before.isBlank && isBlank });
    else runs?.push({ value, start: begin, end, isBlank });
    begin = end;
  };
  parser.on("text", (value) => run(value, parser.position - 1, /^[ \t\r\n]*$/.test(value)));
  parser.on("cdata", (value) => run(value, parser.position, false));
  parser.on("comment", () => (begin = parser.position + 1));
  parser.on("processinginstruction", () => (begin = parser.position));
  parser.write(text).close();
  return root ?? fail("XML-001", text.length);
}

interface Open extends Element {
  readonly children: Element[];
  runs: Run[];
}
