import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../codec/bytes/index.ts";
import { parseCsv } from "../codec/csv/index.ts";
import { parseHl7 } from "../codec/hl7v2/index.ts";
import { parseJson } from "../codec/json/index.ts";
import { parseXml } from "../codec/xml/index.ts";
import type { Channel, TestSpec } from "../config/project.ts";
import { EngineError } from "../sdk/index.ts";

/** The message a test begins with: its fixture or its text, with the edits of `set`. A message without edits keeps its bytes. */
export function givenMessage(channel: Channel, spec: TestSpec, root: string): Uint8Array {
  const { format, charset } = channel.source;
  const raw = spec.given.file === undefined ? inline(spec.given.text ?? "", format) : readFileSync(join(root, spec.given.file));
  const edits = Object.entries(spec.given.set);
  if (edits.length === 0) return raw;
  const decoded = decode(raw, { format, charset });
  if (format === "hl7v2") {
    const message = parseHl7(decoded.text);
    for (const [path, value] of edits) message.set(path, value);
    return encode(message.toString(), decoded.charset);
  }
  if (format === "csv" || format === "xml") {
    const message = format === "csv" ? parseCsv(decoded.text, channel.source.csv) : parseXml(decoded.text);
    for (const [path, value] of edits) message.set(path, value);
    return encode(message.toString(), decoded.charset);
  }
  if (format === "text") throw new EngineError("RUN-106", { test: spec.name });
  const tree = parseJson(decoded.text, format);
  for (const [path, value] of edits) tree.setPath(path, value);
  return encode(tree.toString(), "utf-8");
}

/** Text written in YAML has the line ends of YAML; HL7 v2 wants CR. */
function inline(text: string, format: Channel["source"]["format"]): Uint8Array {
  return encode(format === "hl7v2" ? text.replace(/\r?\n/g, "\r") : text, "utf-8");
}
