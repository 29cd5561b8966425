import { codeOf } from "../../sdk/error.ts";
import type { ObjectNode } from "../json/node.ts";
import type { Element } from "../xml/node.ts";
import { readXml } from "../xml/reader.ts";
import type { ElementPath } from "./element-path.ts";
import type { Run } from "./run.ts";

/** FHIR R4 2.4.0: what a narrative may be made of, from HTML 4.0 chapters 7-11 (without 9.4) and 15, links and images. */
const elements: ReadonlySet<string> = new Set(
  "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var kbd ins del address bdo map area".split(" "),
);
const attributes: ReadonlySet<string> = new Set(
  "title style class id lang xml:lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan cellspacing cellpadding border frame rules summary name href src alt height hspace vspace usemap ismap coords shape nohref longdesc cite datetime compact start value type size noshade clear bgcolor color nowrap rel rev charset hreflang target xmlns".split(" "),
);
const schemes: ReadonlySet<string> = new Set(["http", "https", "mailto", "tel", "sms", "ftp", "ftps", "cid"]);
const xhtml = "http://www.w3.org/1999/xhtml";

/** The XHTML of a narrative (invariants txt-1 and txt-2): well-formed, of the elements that may be there, and not empty. */
export function checkNarrative(node: ObjectNode, path: ElementPath, { report }: Run): void {
  const div = node.members.get("div");
  if (div?.kind !== "string" || div.text === "") return;
  const at = path.child("div");
  let root: Element;
  try {
    root = readXml(div.text, { depth: 128 });
  } catch (error) {
    return report.error("FHR-140", "invalid", at, div.start, codeOf(error, "XML-001"));
  }
  const found = new Set<string>();
  if (root.name !== "div" || root.attributes.find(({ name }) => name === "xmlns")?.value !== xhtml) found.add("txt-1");
  if (!inspect(root, found)) found.add("txt-2");
  for (const rule of found) report.error("FHR-140", rule.startsWith("txt") ? "invariant" : "invalid", at, div.start, rule);
}

/** Notes what may not be there; whether there is anything to read or see. */
function inspect(element: Element, found: Set<string>): boolean {
  if (!elements.has(element.name)) found.add("txt-1");
  for (const { name, value } of element.attributes) {
    if (!attributes.has(name) && !name.startsWith("data-")) found.add("txt-1");
    if ((name === "href" && element.name === "a") || name === "src") {
      const scheme = /^\s*([A-Za-z][A-Za-z0-9+.-]*):/.exec(value)?.[1]?.toLowerCase();
      if (scheme !== undefined && !schemes.has(scheme) && !(scheme === "data" && name === "src")) found.add("link");
    }
  }
  let hasContent = element.name === "img" || element.runs.some(({ value }) => /\S/.test(value));
  for (const child of element.children) if (inspect(child, found)) hasContent = true;
  return hasContent;
}
