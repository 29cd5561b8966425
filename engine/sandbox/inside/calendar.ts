import { fhirToIcal, icalToFhir } from "../../codec/ical/fhir/index.ts";
import { fhirInstant } from "../../codec/ical/fhir/instant.ts";
import { type IcalComponent, type IcalMessage, occurrences, parseIcal } from "../../codec/ical/index.ts";

/** A window as code writes it: moments as ISO 8601 text or milliseconds since 1970. */
interface WindowText {
  readonly from: string | number;
  readonly to: string | number;
  readonly limit?: number;
  readonly floating?: string;
}

export interface Instance {
  readonly event: IcalComponent;
  readonly uid: string;
  readonly start: string;
  readonly end: string;
  readonly recurrenceId: string | undefined;
}

/** Instances of the events of a calendar in a window. */
export function instances(msg: IcalMessage | string, window: WindowText): Instance[] {
  return occurrences(messageOf(msg), windowOf(window)).map(({ component, start, end, recurrenceId }) => ({
    event: component,
    uid: component.get("UID"),
    start: fhirInstant(start),
    end: fhirInstant(end),
    recurrenceId: recurrenceId && fhirInstant(recurrenceId),
  }));
}

export function toFhir(msg: IcalMessage | string, window?: Partial<WindowText>): unknown[] {
  const { from, to } = window ?? {};
  const { from: _, to: __, ...rest } = window ?? {};
  return icalToFhir(messageOf(msg), from === undefined || to === undefined ? rest : { ...rest, ...windowOf({ from, to }) });
}

/** DTSTAMP is the moment of the message, so that a replay writes the same. */
export function fromFhir(resources: unknown, options: { readonly method?: string; readonly freeBusy?: boolean; readonly uid?: string } = {}): IcalMessage {
  return fhirToIcal(resources, { ...options, now: Date.now() });
}

function messageOf(msg: IcalMessage | string): IcalMessage {
  return typeof msg === "string" ? parseIcal(msg) : msg;
}

function windowOf({ from, to, ...rest }: WindowText) {
  const [first, last] = [from, to].map((each) => (typeof each === "number" ? each : Date.parse(each)));
  if (first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last)) throw new RangeError("a window is two moments: ISO 8601 text or milliseconds");
  return { ...rest, from: first, to: last };
}
