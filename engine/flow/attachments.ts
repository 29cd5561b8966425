import { type CsvDialect, Hl7Message, parseCsv, parseHl7, type Leaf, type Tree } from "../codec/index.ts";
import { escapeText } from "../codec/hl7v2/escape.ts";
import { escapeAttribute } from "../codec/xml/write.ts";
import type { SourceSpec } from "../config/project.ts";
import { EngineError, type Format } from "../sdk/index.ts";

/** A message whose large values stand aside while its code runs; the guard and the partner see the whole. */
export interface Pulled {
  readonly text: string;
  /** The text that a transform gave, with every value back in its place. Throws `FLW-208` when a stand-in is no longer one. */
  putBack(format: Format, text: string): string;
}

interface Attachment {
  readonly standIn: string;
  readonly value: string;
  /** As it stood in the message, escapes included. */
  readonly raw: string;
}

/**
 * Takes the values at the paths of `attachments`, where they are as long as it says, out of a message. Each leaves a stand-in of letters and
 * digits that code can move, copy or drop, but not look into. `name` is the engine's own for the message, so that no sender can guess it.
 * `undefined` when nothing is so large.
 */
export function pulled(text: string, read: () => Tree, source: SourceSpec, name: () => string): Pulled | undefined {
  const { attachments, format, csv } = source;
  if (attachments === undefined || text.length < attachments.overBytes) return undefined;
  const tree = read();
  const mark = `sluice${name().toLowerCase().replace(/[^a-z0-9]/g, "")}`;
  const found: Attachment[] = [];
  let out = "";
  let done = 0;
  for (const leaf of tree.leaves()) {
    if (leaf.end - leaf.start < attachments.overBytes || !attachments.paths.some((path) => covers(format, path, leaf, tree))) continue;
    const standIn = `${mark}n${found.length + 1}x`;
    const raw = text.slice(leaf.start, leaf.end);
    found.push({ standIn, value: leaf.value, raw });
    out += text.slice(done, leaf.start) + (format === "json" || format === "fhir" ? `"${standIn}"` : standIn);
    done = leaf.end;
  }
  if (found.length === 0) return undefined;
  const body = out + text.slice(done);
  const putBack = (to: Format, given: string): string => {
    if (to === format && given === body) return text;
    const rest = found.reduce((all, { standIn }) => all.replaceAll(standIn, ""), given);
    if (rest.toLowerCase().includes(mark)) throw new EngineError("FLW-208");
    return filled(to, given, found, to === format ? tree : undefined, csv);
  };
  return { text: body, putBack };
}

/** Whether a path of the configuration names this value or something around it. */
function covers(format: Format, path: string, leaf: Leaf, tree: Tree): boolean {
  if (format === "text") return path === "text";
  if (format === "csv") return isOrBelow(leaf.path, path, "[");
  if (format === "hl7v2") return isOrBelow(path.includes("[") ? leaf.path : leaf.path.replace(/\[\d+\]/g, ""), path, ".");
  if (format === "xml") {
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

/** Each stand-in becomes its value, written as the format wants it. `own`: the message that the values came from, where the format is the same. */
function filled(format: Format, text: string, found: readonly Attachment[], own: Tree | undefined, csv: CsvDialect | undefined): string {
  const present = found.filter(({ standIn }) => text.includes(standIn));
  if (present.length === 0) return text;
  const each = (write: (attachment: Attachment) => string) => present.reduce((all, one) => all.replaceAll(one.standIn, () => write(one)), text);
  switch (format) {
    case "json":
    case "fhir":
      return each(({ value }) => JSON.stringify(value).slice(1, -1));
    case "hl7v2": {
      const { delimiters } = parseHl7(text);
      const same = own instanceof Hl7Message && JSON.stringify(own.delimiters) === JSON.stringify(delimiters);
      return each(({ value, raw }) => (same ? raw : escapeText(value, delimiters)));
    }
    case "xml":
      return each(({ value, raw }) => (own !== undefined && !/[<"']/.test(raw) ? raw : escapeAttribute(value)));
    case "csv": {
      // A value may need quotes that its stand-in did not.
      const message = parseCsv(text, own === undefined ? undefined : csv);
      for (const { path, value } of [...message.leaves()]) {
        const whole = present.reduce((all, one) => all.replaceAll(one.standIn, () => one.value), value);
        if (whole !== value) message.set(path, whole);
      }
      return message.toString();
    }
    default:
      return each(({ value }) => value);
  }
}
