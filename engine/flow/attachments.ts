import { encodeCell } from "../codec/csv/cell.ts";
import { rfc4180 } from "../codec/csv/dialect.ts";
import { type CsvDialect, Hl7Message, IcalMessage, parseHl7, type Leaf, readTree, type Tree } from "../codec/index.ts";
import { escapeText } from "../codec/hl7v2/escape.ts";
import { escapeAttribute, escapeRun } from "../codec/xml/write.ts";
import { numbered } from "../codec/hl7v2/path.ts";
import type { SourceSpec } from "../config/project.ts";
import { EngineError, type Format } from "../sdk/index.ts";
import { StandIns } from "./stand-ins.ts";

/** A message whose large values stand aside while its code runs; the guard and the partner see the whole. */
export interface Pulled {
  readonly text: string;
  /**
   * The text that a transform gave, with every value back in its place. Throws `FLW-208` when it holds anything of a stand-in where no whole
   * value is: a piece of one, or one inside a longer text, where nobody knows how to write the value.
   */
  putBack(format: Format, text: string): string;
}

interface Attachment {
  readonly value: string;
  /** As it stood in the message, escapes included. */
  readonly raw: string;
  /** Where it stood in XML: text that is no CDATA can be written again as it was. */
  readonly isRun: boolean;
}

/** What a value came from: the message, where the output has its format. */
interface Origin {
  readonly tree: Tree | undefined;
  readonly csv: CsvDialect | undefined;
}

/**
 * Takes the values at the paths of `attachments`, where they are as long as it says, out of a message. Each leaves a stand-in of letters
 * that code can move, copy or drop, but not look into. `name` is the engine's own for the message, so that no sender can guess it.
 * `undefined` when nothing is so large.
 */
export function pulled(text: string, read: () => Tree, source: SourceSpec, name: () => string): Pulled | undefined {
  const { attachments, format, csv } = source;
  if (attachments === undefined || text.length < attachments.overBytes) return undefined;
  const tree = read();
  const standIns = new StandIns(name());
  const found = new Map<string, Attachment>();
  let out = "";
  let done = 0;
  for (const leaf of tree.leaves()) {
    if (leaf.end - leaf.start < attachments.overBytes || !attachments.paths.some((path) => covers(format, path, leaf, tree))) continue;
    const standIn = standIns.name(found.size + 1);
    const raw = text.slice(leaf.start, leaf.end);
    found.set(standIn, { value: leaf.value, raw, isRun: isXml(format) && !isAttribute(leaf) && !raw.includes("<") });
    out += text.slice(done, leaf.start) + (isJson(format) ? `"${standIn}"` : standIn);
    done = leaf.end;
  }
  if (found.size === 0) return undefined;
  const body = out + text.slice(done);
  const putBack = (to: Format, given: string): string => {
    if (to === format && given === body) return text;
    if (!standIns.isIn(given)) return given;
    const isOwn = to === format || (isJson(to) && isJson(format));
    return filled(to, given, found, { tree: isOwn ? tree : undefined, csv: to === format ? csv : undefined }, standIns);
  };
  return { text: body, putBack };
}

function isXml(format: Format): boolean {
  return format === "xml" || format === "script";
}

/** Whether a path of the configuration names this value or something around it. */
function covers(format: Format, path: string, leaf: Leaf, tree: Tree): boolean {
  if (format === "text") return path === "text";
  if (format === "csv") return isOrBelow(leaf.path, path, "[");
  // One value of a list is below its property; a parameter is a place of its own.
  if (format === "ical") return isOrBelow(path.includes("[") ? leaf.path : leaf.path.replace(/\[\d+\]/g, ""), path, ".");
  if (format === "hl7v2") {
    const numbers = numbered(path);
    return isOrBelow(numbers.includes("[") ? leaf.path : leaf.path.replace(/\[\d+\]/g, ""), numbers, ".");
  }
  if (isXml(format)) {
    const plain = leaf.path.replace(/\[\d+\]|\/text\(\)/g, "");
    return isOrBelow(plain, path, "/") || (!path.startsWith("/") && `${plain}/`.includes(`/${path}/`));
  }
  if (path.startsWith("/")) return isOrBelow(leaf.path, path, "/");
  const elements = leaf.path.split("/").filter((step) => step !== "" && !/^\d+$/.test(step)).join(".");
  return isOrBelow(elements, path, ".") || (tree.type !== "" && isOrBelow(`${tree.type}.${elements}`, path, "."));
}

function isOrBelow(path: string, wanted: string, separator: string): boolean {
  return path === wanted || path.startsWith(`${wanted}${separator}`);
}

/** Each leaf that is a stand-in becomes its value, written as the format wants it; nothing of a stand-in is anywhere else. */
function filled(format: Format, text: string, found: ReadonlyMap<string, Attachment>, origin: Origin, standIns: StandIns): string {
  const tree = treeOf(format, text, origin);
  const write = writer(format, tree, origin);
  const places: { readonly leaf: Leaf; readonly attachment: Attachment }[] = [];
  let rest = "";
  let done = 0;
  for (const leaf of tree.leaves()) {
    const attachment = found.get(leaf.value);
    if (attachment === undefined) continue;
    places.push({ leaf, attachment });
    // A digit ends a word of letters: what stands before and after a value is not one text.
    rest += `${text.slice(done, leaf.start)}0`;
    done = leaf.end;
  }
  if (standIns.isIn(rest + text.slice(done))) throw new EngineError("FLW-208");
  let out = "";
  done = 0;
  for (const { leaf, attachment } of places) {
    out += text.slice(done, leaf.start) + write(attachment, leaf);
    done = leaf.end;
  }
  return out + text.slice(done);
}

/** What cannot be read has no leaves, so nothing can be put into it. */
function treeOf(format: Format, text: string, { csv }: Origin): Tree {
  try {
    return readTree(format, text, csv);
  } catch {
    throw new EngineError("FLW-208");
  }
}

/** How the value of an attachment is written in the place of a whole leaf. */
function writer(format: Format, tree: Tree, { tree: own, csv }: Origin): (attachment: Attachment, leaf: Leaf) => string {
  switch (format) {
    case "json":
    case "fhir":
      return ({ value, raw }) => (own ? raw : JSON.stringify(value));
    case "hl7v2": {
      const { delimiters } = tree instanceof Hl7Message ? tree : parseHl7(tree.toString());
      const same = own instanceof Hl7Message && JSON.stringify(own.delimiters) === JSON.stringify(delimiters);
      return ({ value, raw }) => (same ? raw : escapeText(value, delimiters));
    }
    case "xml":
    case "script":
      return ({ value, raw, isRun }, leaf) => (isAttribute(leaf) ? escapeAttribute(value) : own && isRun ? raw : escapeRun(value));
    case "csv":
      return ({ value, raw }, leaf) => (own ? raw : encodeCell(value, tree.toString().slice(leaf.start, leaf.end), csv ?? rfc4180, false));
    case "ical":
      return ({ value, raw }, leaf) => (own ? raw : tree instanceof IcalMessage ? tree.encoded(leaf.path, value) : value);
    default:
      return ({ value }) => value;
  }
}

function isJson(format: Format): boolean {
  return format === "json" || format === "fhir";
}

function isAttribute({ path }: Leaf): boolean {
  return /\/@[^/]*$/.test(path);
}
