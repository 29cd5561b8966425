import { splitWays } from "../../codec/split/index.ts";
import type { ConnectorCatalogue, CsvSpec, SourceSpec } from "../project.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { ProfileFile } from "./profiles.ts";
import { readConnector } from "./party.ts";
import { bytes, choice, knownFormat, limit, map, milliseconds, optional, text, texts } from "./tolerant.ts";

/** `source:`. The format may be left out where the connector reads only one. */
export function readSource(checked: CheckedFile, written: unknown, connectors: ConnectorCatalogue, profiles: ReadonlyMap<string, ProfileFile>): SourceSpec {
  const value = map(written);
  const { connector, options } = readConnector(checked, "/source", value, connectors.names);
  const formats = connectors.get(connector)?.source?.formats ?? [];
  if (value.format === undefined && formats.length > 1 && !checked.isBroken(["source"])) {
    const help = `formats of ${connector}: ${formats.join(", ")}`;
    checked.report({ code: "CFG-121", path: ["source"], target: "key", message: `"source" lacks "format"`, help });
  }
  const format = knownFormat(value.format) ?? formats[0] ?? "text";
  const given = <T>(key: string, read: (item: unknown) => T) => (value[key] === undefined ? undefined : read(value[key]));
  return {
    partner: text(value.partner),
    ...optional("purpose", given("purpose", String)),
    connector,
    options,
    ...optional("asks", connectors.get(connector)?.source?.asks?.(options) === true ? (true as const) : undefined),
    format,
    ...optional("version", given("version", String)),
    ...optional("sequence", value.sequence === true && format === "hl7v2" ? (true as const) : undefined),
    ...optional("encoding", value.encoding === "xml" && format === "hl7v2" ? ("xml" as const) : undefined),
    types: texts(value.types),
    ...optional("validate", (["report", "refuse", "hold"] as const).find((word) => word === value.validate)),
    ...optional("profile", given("profile", (name) => text(name))),
    ...optional("localProfile", format === "hl7v2" ? profiles.get(text(value.profile))?.profile : undefined),
    ...readAnswer(value),
    ...optional("split", given("split", (split) => choice(split, [...splitWays], "batch"))),
    ...optional("csv", format === "csv" || value.csv !== undefined ? toCsv(map(value.csv)) : undefined),
    ...optional("x12", given("x12", (item) => ({ answer: String(map(item).answer) === "TA1" ? ("TA1" as const) : ("999" as const) }))),
    ...optional("attachments", given("attachments", (item) => toAttachments(map(item)))),
    ...optional("patient", given("patient", (item) => text(item))),
    charset: text(value.charset, "utf-8"),
    ...optional("limit", value.limit === undefined ? undefined : limit(value.limit)),
  };
}

/** How long `processed` and an answer of a destination wait where nothing is stated. */
const patience = 30_000;

/** When and with what the sender is answered. An answer of a destination waits for no other: `ack` is `stored` then. */
function readAnswer(value: Readonly<Record<string, unknown>>): Pick<SourceSpec, "ack" | "withinMs" | "respond"> {
  const respond = value.respond === undefined ? undefined : map(value.respond);
  const ack = respond ? "stored" : choice(value.ack, ["stored", "processed", "delivered"], "stored");
  const within = (written: unknown) => (written === undefined ? patience : milliseconds(written));
  return {
    ack,
    ...optional("withinMs", respond !== undefined || (ack === "stored" && value.within === undefined) ? undefined : within(value.within)),
    ...optional("respond", respond && { from: text(respond.from), withinMs: within(respond.within) }),
  };
}

function toCsv(value: Readonly<Record<string, unknown>>): CsvSpec {
  return { delimiter: text(value.delimiter, ","), quote: text(value.quote, '"'), header: value.header !== false };
}

function toAttachments(value: Readonly<Record<string, unknown>>): NonNullable<SourceSpec["attachments"]> {
  return { paths: texts(value.paths), overBytes: bytes(value.over ?? "64kb") };
}
