import { type Node, parseJson } from "../json/index.ts";

/** A Bundle as a client reads it. `resource` is the very text of the resource: decimals keep their digits (FHIR R4 2.24.0.1). */
export interface BundleText {
  readonly type: string;
  /** By relation: `next`, `self`. */
  readonly links: ReadonlyMap<string, string>;
  readonly entries: readonly BundleEntry[];
}

export interface BundleEntry {
  readonly resource?: ResourceText;
  /** `match`, `include` or `outcome` of a search. */
  readonly mode: string;
  /** Of an answer to a transaction or batch: `201 Created`. */
  readonly status: string;
}

export interface ResourceText {
  readonly text: string;
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  readonly lastUpdated: string;
}

/** Reads one resource; empty texts stand for what it lacks. Throws `JSN-0nn`. */
export function readResource(text: string): ResourceText {
  return resourceOf(parseJson(text, "fhir").root, text);
}

/** `undefined` for what is no Bundle. Throws `JSN-0nn` for what is no JSON. */
export function readBundle(text: string): BundleText | undefined {
  const { root } = parseJson(text, "fhir");
  if (scalar(root, "resourceType") !== "Bundle") return undefined;
  const links = new Map(itemsOf(member(root, "link")).map((link) => [scalar(link, "relation"), scalar(link, "url")]));
  return { type: scalar(root, "type"), links, entries: itemsOf(member(root, "entry")).map((entry) => entryOf(entry, text)) };
}

function entryOf(entry: Node, text: string): BundleEntry {
  const resource = member(entry, "resource");
  return {
    mode: scalar(member(entry, "search"), "mode"),
    status: scalar(member(entry, "response"), "status"),
    ...(resource?.kind === "object" && { resource: resourceOf(resource, text) }),
  };
}

function resourceOf(node: Node, text: string): ResourceText {
  const meta = member(node, "meta");
  return { text: text.slice(node.start, node.end), type: scalar(node, "resourceType"), id: scalar(node, "id"), versionId: scalar(meta, "versionId"), lastUpdated: scalar(meta, "lastUpdated") };
}

function member(node: Node | undefined, name: string): Node | undefined {
  return node?.kind === "object" ? node.members.get(name) : undefined;
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === "array" ? node.items : [];
}

function scalar(node: Node | undefined, name: string): string {
  const found = member(node, name);
  return found?.kind === "string" ? found.text : "";
}
