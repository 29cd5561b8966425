import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../codec/bytes/index.ts";
import { parseJson, readTree } from "../codec/index.ts";
import type { Channel, TestSpec } from "../config/project.ts";
import { EngineError } from "../sdk/index.ts";

/** The message a test begins with: its fixture or its text, with the edits of `set`. A message without edits keeps its bytes. */
export function givenMessage(channel: Channel, spec: TestSpec, root: string): Uint8Array {
  const { format, charset } = channel.source;
  const raw = spec.given.file === undefined ? inline(spec.given.text ?? "", format) : readFileSync(join(root, spec.given.file));
  const edits = Object.entries(spec.given.set);
  if (edits.length === 0) return raw;
  const decoded = decode(raw, { format, charset });
  if (format === "text") throw new EngineError("RUN-106", { test: spec.name });
  if (format === "json" || format === "fhir") {
    const tree = parseJson(decoded.text, format);
    for (const [path, value] of edits) tree.setPath(path, value);
    return encode(tree.toString(), "utf-8");
  }
  const message = readTree(format, decoded.text, channel.source.csv);
  for (const [path, value] of edits) message.set(path, String(value));
  return encode(message.toString(), decoded.charset);
}

/** Text written in YAML has the line ends of YAML; HL7 v2 wants CR. */
function inline(text: string, format: Channel["source"]["format"]): Uint8Array {
  return encode(format === "hl7v2" ? text.replace(/\r?\n/g, "\r") : text, "utf-8");
}
