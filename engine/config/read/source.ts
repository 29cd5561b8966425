import type { ConnectorCatalogue, SourceSpec } from "../project.ts";
import type { CheckedFile } from "./checked-file.ts";
import { readConnector } from "./party.ts";
import { knownFormat, limit, map, optional, text, texts } from "./tolerant.ts";

/** `source:`. The format may be left out where the connector reads only one. */
export function readSource(checked: CheckedFile, written: unknown, connectors: ConnectorCatalogue): SourceSpec {
  const value = map(written);
  const { connector, options } = readConnector(checked, "/source", value, connectors.names);
  const formats = connectors.get(connector)?.source?.formats ?? [];
  const format = knownFormat(value.format);
  if (value.format === undefined && formats.length > 1 && !checked.isBroken(["source"])) {
    const help = `formats of ${connector}: ${formats.join(", ")}`;
    checked.report({ code: "CFG-121", path: ["source"], target: "key", message: `"source" lacks "format"`, help });
  }
  return {
    partner: text(value.partner),
    connector,
    options,
    format: format ?? formats[0] ?? "text",
    types: texts(value.types),
    ack: "stored",
    charset: text(value.charset, "utf-8"),
    ...optional("limit", value.limit === undefined ? undefined : limit(value.limit)),
  };
}
