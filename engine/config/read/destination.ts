import { type Classification, type ConnectorCatalogue, type DestinationSpec, levels, type RetryPolicy, type SourceSpec } from "../project.ts";
import type { CheckedFile } from "./checked-file.ts";
import { toClosedList } from "./closed-list.ts";
import { readCode } from "./code.ts";
import { readFilter } from "./filter.ts";
import type { LookupTable } from "./lookups.ts";
import { readConnector } from "./party.ts";
import type { Reading } from "./reading.ts";
import { choice, knownFormat, map, milliseconds, number, optional, text } from "./tolerant.ts";

export interface DestinationInput {
  readonly connectors: ConnectorCatalogue;
  readonly lookups: ReadonlyMap<string, LookupTable>;
  readonly source: SourceSpec;
  readonly classification: Classification;
}

/** One of `destinations:`. Without `sends`, it sends what the channel carries. */
export function readDestination(
  reading: Reading,
  checked: CheckedFile,
  name: string,
  value: Readonly<Record<string, unknown>>,
  input: DestinationInput,
): DestinationSpec {
  const path = ["destinations", name];
  const { connector, options } = readConnector(checked, `/destinations/${name}`, value, input.connectors.names);
  const isClosed = value.only !== undefined;
  const only = isClosed ? toClosedList(value.only, input.lookups, (field) => checked.isBroken([...path, "only", field])) : undefined;
  const format = knownFormat(value.format) ?? (isClosed ? "json" : input.source.format);
  return {
    name,
    partner: text(value.partner),
    sends: choice(value.sends, levels, input.classification.level),
    ...optional("purpose", value.purpose as string | undefined),
    connector,
    options,
    format,
    ...optional("filter", readFilter(reading, checked, [...path, "filter"])),
    ...optional("transform", readCode(reading, checked, [...path, "transform"])),
    ...optional("only", only),
    retry: toRetry(map(value.retry)),
  };
}

function toRetry(value: Readonly<Record<string, unknown>>): RetryPolicy {
  return {
    attempts: number(value.attempts, 0),
    initialMs: milliseconds(value.initial ?? "1s"),
    maxMs: milliseconds(value.max ?? "1m"),
    maxAgeMs: milliseconds(value.maxAge ?? "0s"),
  };
}
