import { EngineError } from "../../../sdk/error.ts";
import type { IcalComponent, IcalMessage } from "../message.ts";
import { linesIn } from "../read.ts";
import { ianaZones } from "../recur/iana.ts";
import { refuseOtherZone } from "../recur/other-zone.ts";
import { type Moment, momentIn, momentOf } from "../recur/moment.ts";
import { clocksOf, type Occurrence, occurrences, type Window } from "../recur/series.ts";
import { readDuration, readWhen, writeWhen } from "../recur/times.ts";
import { fhirInstant } from "./instant.ts";
import { busyTypes, entry, type Json, kinds, partstats, plainStatus, reasonProperty, recurrenceSystem, roles, statuses, statusProperty, uidSystem, uriSystem, zoneExtension } from "./terms.ts";

/** How iCalendar is read as FHIR. Without a window only what does not recur is taken. */
export interface ToFhirOptions extends Partial<Window> {}

const ever = { from: Date.UTC(-1, 0), to: Date.UTC(9999, 0) };

/**
 * Appointments of the events of a message, Schedules and Slots of its VFREEBUSY, and for METHOD:REPLY AppointmentResponses (FHIR R4). A series becomes one
 * Appointment for each instance in the window; without one it is `ICS-401`. UID is an identifier, SEQUENCE `meta.versionId`; of several versions of a UID the
 * newest counts. Times carry the offset of their zone.
 */
export function icalToFhir(message: IcalMessage, options: ToFhirOptions = {}): Json[] {
  const method = message.get("VCALENDAR/METHOD").toUpperCase();
  const hasWindow = options.from !== undefined && options.to !== undefined;
  if (!hasWindow && message.all("VEVENT").some((event) => ["RRULE", "RDATE", "EXRULE"].some((name) => event.values(name).length > 0))) throw new EngineError("ICS-401");
  const found = occurrences(message, { limit: hasWindow ? 1000 : 100_000, ...ever, ...options });
  const iana = ianaZones();
  if (options.zones === undefined) for (const { start, end } of found) for (const each of [start, end]) refuseOtherZone(each, iana);
  const events = found.map((each) => (method === "REPLY" ? response(each) : appointment(each, method)));
  return [...events, ...message.all("VFREEBUSY").flatMap((each) => schedule(each, message, options))];
}

function appointment({ component, start, end, recurrenceId }: Occurrence, method: string): Json {
  const status = statusOf(component, method);
  const minutes = Math.round((end.instant - start.instant) / 60);
  const text = (name: string, key: string) => (component.get(name) === "" ? {} : { [key]: component.get(name) });
  const created = momentIn(component, "CREATED", utcClocks);
  const priority = component.get("PRIORITY");
  return {
    resourceType: "Appointment",
    ...(/^\d{1,9}$/.test(component.get("SEQUENCE")) ? { meta: { versionId: component.get("SEQUENCE") } } : {}),
    ...identifiers(component, recurrenceId),
    status,
    ...(status === "cancelled" ? reasonOf(component) : {}),
    ...(component.values("CATEGORIES").length > 0 ? { serviceType: component.values("CATEGORIES").map((category) => ({ text: category })) } : {}),
    ...(/^\d$/.test(priority) ? { priority: Number(priority) } : {}),
    ...text("SUMMARY", "description"),
    start: fhirInstant(start),
    ...zoneOf("_start", start),
    end: fhirInstant(end),
    ...zoneOf("_end", end),
    ...(minutes > 0 ? { minutesDuration: minutes } : {}),
    ...(created ? { created: fhirInstant(created) } : {}),
    ...text("DESCRIPTION", "comment"),
    participant: participants(component),
  };
}

const utcClocks = { zones: () => undefined, floating: { offsetAt: () => 0 } };

function identifiers(component: IcalComponent, recurrenceId: Moment | undefined): Json {
  const uid = component.get("UID");
  const all = [
    ...(uid === "" ? [] : [{ system: uidSystem, value: uid }]),
    ...(recurrenceId ? [{ system: recurrenceSystem, value: recurrenceId.isDate ? writeWhen(recurrenceId) : writeWhen({ wall: recurrenceId.instant, isDate: false, isUtc: true }) }] : []),
  ];
  return all.length > 0 ? { identifier: all } : {};
}

/** The status that a sender of ours wrote, if it fits STATUS; else what STATUS and METHOD say. */
function statusOf(component: IcalComponent, method: string): string {
  const given = component.get("STATUS").toUpperCase();
  const status = method === "CANCEL" ? "CANCELLED" : given;
  const exact = component.get(statusProperty);
  if (entry(statuses, exact) === status) return exact;
  const plain = entry(plainStatus, status);
  if (plain !== undefined) return plain;
  // A request without STATUS waits for those it asks.
  return method === "REQUEST" && component.values("ATTENDEE;PARTSTAT").some((each) => each.toUpperCase() === "NEEDS-ACTION") ? "pending" : "booked";
}

function reasonOf(component: IcalComponent): Json {
  const [code = "", system = "", comment = ""] = [component.get(reasonProperty), component.get(`${reasonProperty};X-SYSTEM`), component.get("COMMENT")];
  if (code === "" && comment === "") return {};
  return { cancelationReason: { ...(code === "" ? {} : { coding: [{ ...(system === "" ? {} : { system }), code }] }), ...(comment === "" ? {} : { text: comment }) } };
}

/** The zone by its IANA name; that of the message alone has no code. */
function zoneOf(key: string, { tzid }: Moment): Json {
  return tzid === undefined || tzid === "UTC" || !/^[A-Za-z]+\/[A-Za-z_/+-]+$/.test(tzid) ? {} : { [key]: { extension: [{ url: zoneExtension, valueCode: tzid }] } };
}

/** Attendees, the organizer where he is none of them, and the place. FHIR wants at least one. */
function participants(component: IcalComponent): Json[] {
  const count = linesIn(component.node).filter((line) => line.parts?.name === "ATTENDEE").length;
  const all: Json[] = Array.from({ length: count }, (_, i) => participant(component, `ATTENDEE[${i + 1}]`));
  const organizer = component.get("ORGANIZER");
  if (organizer !== "" && !component.values("ATTENDEE").some((each) => each.toLowerCase() === organizer.toLowerCase())) {
    all.push({ type: [{ text: "organizer" }], actor: actor(component, "ORGANIZER"), required: "information-only", status: "accepted" });
  }
  if (component.get("LOCATION") !== "") all.push({ actor: { type: "Location", display: component.get("LOCATION") }, required: "required", status: "accepted" });
  return all.length > 0 ? all : [{ type: [{ text: "not named" }], status: "needs-action" }];
}

function participant(component: IcalComponent, path: string): Json {
  const parameter = (name: string) => component.get(`${path};${name}`).toUpperCase();
  return { actor: actor(component, path), required: entry(roles, parameter("ROLE")) ?? "required", status: entry(partstats, parameter("PARTSTAT")) ?? "needs-action" };
}

function actor(component: IcalComponent, path: string): Json {
  const [address, name, kind] = [component.get(path), component.get(`${path};CN`), entry(kinds, component.get(`${path};CUTYPE`).toUpperCase())];
  return { ...(kind === undefined ? {} : { type: kind }), ...(address === "" ? {} : { identifier: { system: uriSystem, value: address } }), ...(name === "" ? {} : { display: name }) };
}

/** One attendee's answer (RFC 5546 3.2.3). */
function response({ component, start, end, recurrenceId }: Occurrence): Json {
  const { identifier = [] } = identifiers(component, recurrenceId) as { readonly identifier?: readonly Json[] };
  if (component.get("ATTENDEE") === "" || identifier.length === 0) throw new EngineError("ICS-402");
  const { actor: who, status } = participant(component, "ATTENDEE[1]");
  const comment = component.get("COMMENT");
  return {
    resourceType: "AppointmentResponse",
    ...(/^\d{1,9}$/.test(component.get("SEQUENCE")) ? { meta: { versionId: component.get("SEQUENCE") } } : {}),
    identifier,
    appointment: { type: "Appointment", identifier: identifier[0] },
    start: fhirInstant(start),
    end: fhirInstant(end),
    actor: who,
    participantStatus: status,
    ...(comment === "" ? {} : { comment }),
  };
}

/** A calendar's free and busy times: whose they are as a Schedule, each period as a Slot that names it by the UID. */
function schedule(component: IcalComponent, message: IcalMessage, options: ToFhirOptions): Json[] {
  const clocks = clocksOf(message, options);
  const { identifier = [{ system: uidSystem, value: "free-busy" }] } = identifiers(component, undefined) as { readonly identifier?: readonly Json[] };
  const owner = component.get("ATTENDEE") === "" ? "ORGANIZER" : "ATTENDEE";
  const [from, to] = [momentIn(component, "DTSTART", clocks), momentIn(component, "DTEND", clocks)];
  const count = linesIn(component.node).filter((line) => line.parts?.name === "FREEBUSY").length;
  const slots = Array.from({ length: count }, (_, i) => {
    const path = `FREEBUSY[${i + 1}]`;
    const status = entry(busyTypes, component.get(`${path};FBTYPE`).toUpperCase()) ?? "busy";
    return component.values(path).map((period) => slot(period, status, identifier[0] as Json, clocks));
  }).flat();
  const who = actor(component, owner);
  return [
    {
      resourceType: "Schedule", identifier, active: true,
      actor: [Object.keys(who).length > 0 ? who : { display: "not named" }],
      ...(from || to ? { planningHorizon: { ...(from ? { start: fhirInstant(from) } : {}), ...(to ? { end: fhirInstant(to) } : {}) } } : {}),
    },
    ...slots,
  ];
}

function slot(period: string, status: string, identifier: Json, clocks: Parameters<typeof momentOf>[2]): Json {
  const [first = "", last = ""] = period.split("/");
  const start = momentOf(first, undefined, clocks);
  const length = readDuration(last);
  const end = length && start ? { ...start, instant: start.instant + length.days * 86_400 + length.seconds } : momentOf(last, undefined, clocks);
  if (start === undefined || end === undefined || readWhen(first)?.isDate) throw new EngineError("ICS-303");
  return { resourceType: "Slot", schedule: { type: "Schedule", identifier }, status, start: fhirInstant(start), end: fhirInstant(end) };
}
