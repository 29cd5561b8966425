import { type Classification, type ConnectorCatalogue, type DestinationSpec, levels, type SourceSpec } from "../project.ts";
import { readAlert } from "./alert.ts";
import type { CheckedFile } from "./checked-file.ts";
import { readClinical } from "./clinical.ts";
import { toClosedList } from "./closed-list.ts";
import { partnerOf, self } from "../self.ts";
import { readCode } from "./code.ts";
import { readDeidentify } from "./deidentify.ts";
import { readDelivery } from "./delivery.ts";
import { readFilter } from "./filter.ts";
import type { LookupTable } from "./lookups.ts";
import { readConnector } from "./party.ts";
import type { Reading } from "./reading.ts";
import { choice, knownFormat, map, optional, text } from "./tolerant.ts";

export interface DestinationInput {
  readonly connectors: ConnectorCatalogue;
  readonly lookups: ReadonlyMap<string, LookupTable>;
  readonly source: SourceSpec;
  readonly classification: Classification;
}

/** A hand-off goes to the party that stands for the channel. */
function partnerNamed(written: string, connector: string, options: Readonly<Record<string, unknown>>, connectors: ConnectorCatalogue): string {
  const hands = connectors.get(connector)?.destination?.reachesChannel === true;
  return hands && written === self ? partnerOf(text(options.to)) : written;
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
  const response = value.response === undefined ? undefined : {
    format: knownFormat(map(value.response).format) ?? format,
    ...optional("transform", readCode(reading, checked, [...path, "response", "transform"])),
  };
  return {
    name,
    partner: partnerNamed(text(value.partner), connector, options, input.connectors),
    sends: choice(value.sends, levels, input.classification.level),
    ...optional("purpose", value.purpose as string | undefined),
    connector,
    options,
    format,
    ...optional("filter", readFilter(reading, checked, [...path, "filter"])),
    ...optional("transform", readCode(reading, checked, [...path, "transform"])),
    ...optional("deidentify", readDeidentify(reading, checked, [...path, "deidentify"], value.deidentify)),
    ...optional("only", only),
    ...readDelivery(value),
    ...optional("response", response),
    ...optional("alert", readAlert(value.alert, input.lookups)),
    ...optional("clinical", readClinical(value.clinical)),
  };
}
