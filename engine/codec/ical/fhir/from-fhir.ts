import { EngineError } from "../../../sdk/error.ts";
import { type IcalComponent, type IcalMessage, newCalendar } from "../message.ts";
import { writeWhen } from "../recur/times.ts";
import { addFreeBusy, type Busy } from "./free-busy.ts";
import { utcTime } from "./instant.ts";
import { entry, type Json, kinds, participation, plainStatus, reasonProperty, recurrenceSystem, required, statuses, statusProperty, uidSystem } from "./terms.ts";

/** How FHIR is written as iCalendar. */
export interface FromFhirOptions {
  /** DTSTAMP, milliseconds since 1970. */
  readonly now: number;
  /** Default: REPLY for AppointmentResponses, CANCEL where all are cancelled, REQUEST where somebody takes part, else PUBLISH. */
  readonly method?: string;
  /**
   * For a feed that others read: the times alone, as one VFREEBUSY with merged periods. No summary, description, attendee, organizer, place, comment, category or id of
   * an appointment is in it.
   */
  readonly freeBusy?: boolean;
  /** UID of the VFREEBUSY; default `free-busy`. */
  readonly uid?: string;
}

/**
 * Appointments as events, AppointmentResponses as a reply, Slots as free and busy times: a resource, a list of them, or a Bundle (FHIR R4). UID is the identifier that
 * `icalToFhir` gives, else the first, else the id; SEQUENCE is `meta.versionId` where that is a number. Times are UTC. `ICS-402` for what cannot be written.
 */
export function fhirToIcal(resources: unknown, options: FromFhirOptions): IcalMessage {
  const all = listOf(resources);
  const of = (type: string) => all.filter((each) => each["resourceType"] === type);
  const [appointments, responses, slots] = [of("Appointment"), of("AppointmentResponse"), of("Slot")];
  if (appointments.length + responses.length + slots.length === 0 || (responses.length > 0 && appointments.length > 0)) throw new EngineError("ICS-402");
  const stamp = writeWhen({ wall: Math.floor(options.now / 1000), isDate: false, isUtc: true });
  if (options.freeBusy === true) {
    const calendar = newCalendar({ METHOD: "PUBLISH" });
    addFreeBusy(calendar, [...appointments.flatMap(busyOf), ...slots.flatMap(slotOf)], { uid: options.uid ?? "free-busy", stamp, isMerged: true });
    return calendar;
  }
  const calendar = newCalendar({ METHOD: options.method ?? methodOf(appointments, responses) });
  const [root] = calendar.all("VCALENDAR");
  for (const each of appointments) writeAppointment(root?.addComponent("VEVENT") as IcalComponent, each, stamp);
  for (const each of responses) writeResponse(root?.addComponent("VEVENT") as IcalComponent, each, stamp);
  const schedules = new Map<string, Json[]>();
  for (const each of slots) {
    const key = JSON.stringify(each["schedule"] ?? null);
    schedules.set(key, [...(schedules.get(key) ?? []), each]);
  }
  for (const group of schedules.values()) {
    addFreeBusy(calendar, group.flatMap(slotOf), { uid: textAt(group[0], "schedule", "identifier", "value") ?? textAt(group[0], "schedule", "reference") ?? "free-busy", stamp, isMerged: false, owner: ownerOf(group[0], of("Schedule")) });
  }
  return calendar;
}

function listOf(resources: unknown): Json[] {
  const all = [resources].flat() as Json[];
  return all.flatMap((each) => {
    if (typeof each !== "object" || each === null) throw new EngineError("ICS-402");
    return each["resourceType"] === "Bundle" ? arrayAt(each, "entry").flatMap((entry_) => (typeof entry_["resource"] === "object" && entry_["resource"] !== null ? [entry_["resource"] as Json] : [])) : [each];
  });
}

function methodOf(appointments: readonly Json[], responses: readonly Json[]): string {
  if (responses.length > 0) return "REPLY";
  if (appointments.length === 0) return "PUBLISH";
  if (appointments.every((each) => entry(statuses, textAt(each, "status") ?? "") === "CANCELLED")) return "CANCEL";
  return appointments.some((each) => people(each).length > 0) ? "REQUEST" : "PUBLISH";
}

function writeAppointment(event: IcalComponent, resource: Json, stamp: string): void {
  const status = textAt(resource, "status") ?? "";
  const known = entry(statuses, status);
  if (known === undefined) throw new EngineError("ICS-402");
  writeHead(event, resource, stamp);
  event.add("STATUS", known);
  if (plainStatus[known] !== status) event.add(statusProperty, status);
  const text = (name: string, value: string | undefined) => value !== undefined && value !== "" && event.add(name, value);
  text("SUMMARY", textAt(resource, "description"));
  text("DESCRIPTION", textAt(resource, "comment") ?? textAt(resource, "patientInstruction"));
  const places = arrayAt(resource, "participant").flatMap((each) => (typeOf(each["actor"]) === "Location" && textAt(each, "actor", "identifier", "value") === undefined ? (textAt(each, "actor", "display") ?? []) : []));
  text("LOCATION", places.join("; "));
  const created = utcTime(resource["created"]);
  if (created !== undefined) event.add("CREATED", created);
  const priority = resource["priority"];
  if (typeof priority === "number" && Number.isInteger(priority) && priority >= 0 && priority <= 9) event.add("PRIORITY", priority);
  const services = arrayAt(resource, "serviceType").flatMap((each) => textAt(each, "text") ?? arrayAt(each, "coding").flatMap((coding) => textAt(coding, "display") ?? textAt(coding, "code") ?? []).slice(0, 1));
  if (services.length > 0) event.add("CATEGORIES", services);
  const reason = resource["cancelationReason"] as Json | undefined;
  const coding = reason ? arrayAt(reason, "coding")[0] : undefined;
  const code = textAt(coding, "code");
  const system = textAt(coding, "system");
  if (code !== undefined) event.add(reasonProperty, code, system === undefined ? {} : { "X-SYSTEM": system });
  text("COMMENT", textAt(reason, "text"));
  for (const each of people(resource)) writePerson(event, each);
}

function writeHead(event: IcalComponent, resource: Json, stamp: string): void {
  const ids = arrayAt(resource, "identifier");
  const under = (system: string) => textAt(ids.find((each) => each["system"] === system), "value");
  const uid = under(uidSystem) ?? textAt(resource, "appointment", "identifier", "value") ?? textAt(ids[0], "value") ?? textAt(resource, "id");
  const [start, end] = [utcTime(resource["start"]), utcTime(resource["end"])];
  if (uid === undefined || (start === undefined && resource["resourceType"] === "Appointment")) throw new EngineError("ICS-402");
  event.add("UID", uid).add("DTSTAMP", stamp);
  if (start !== undefined) event.add("DTSTART", start);
  if (end !== undefined) event.add("DTEND", end);
  const id = under(recurrenceSystem);
  if (id !== undefined) event.add("RECURRENCE-ID", id, /^\d{8}$/.test(id) ? { VALUE: "DATE" } : {});
  const version = textAt(resource, "meta", "versionId");
  if (version !== undefined && /^\d{1,9}$/.test(version)) event.add("SEQUENCE", version);
}

function people(resource: Json): readonly Json[] {
  return arrayAt(resource, "participant").filter((each) => {
    const actor = each["actor"];
    return typeof actor === "object" && actor !== null && (typeOf(actor) !== "Location" || textAt(each, "actor", "identifier", "value") !== undefined);
  });
}

function writePerson(event: IcalComponent, participant: Json): void {
  const address = addressOf(participant["actor"]);
  const name = textAt(participant, "actor", "display");
  const cn: Record<string, string> = name === undefined ? {} : { CN: name };
  if (arrayAt(participant, "type").some((each) => each["text"] === "organizer")) {
    event.add("ORGANIZER", address, cn);
    return;
  }
  const kind = Object.keys(kinds).find((each) => kinds[each] === typeOf(participant["actor"]));
  event.add("ATTENDEE", address, {
    ...cn,
    ...(kind === undefined ? {} : { CUTYPE: kind }),
    ROLE: entry(required, textAt(participant, "required") ?? "required") ?? "REQ-PARTICIPANT",
    PARTSTAT: entry(participation, textAt(participant, "status") ?? "") ?? "NEEDS-ACTION",
  });
}

function writeResponse(event: IcalComponent, resource: Json, stamp: string): void {
  writeHead(event, resource, stamp);
  const status = entry(participation, textAt(resource, "participantStatus") ?? "");
  const name = textAt(resource, "actor", "display");
  if (status === undefined || typeof resource["actor"] !== "object") throw new EngineError("ICS-402");
  event.add("ATTENDEE", addressOf(resource["actor"]), { ...(name === undefined ? {} : { CN: name }), PARTSTAT: status });
  const comment = textAt(resource, "comment");
  if (comment !== undefined) event.add("COMMENT", comment);
}

/** An address of the actor: an identifier that is a URI, else its reference as a URN. */
function addressOf(actor: unknown): string {
  const value = textAt(actor, "identifier", "value");
  if (value !== undefined && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(value)) return value;
  const reference = textAt(actor, "reference") ?? value;
  return reference === undefined ? "urn:x-fhir:none" : `urn:x-fhir:${encodeURIComponent(reference)}`;
}

function typeOf(actor: unknown): string | undefined {
  return textAt(actor, "type") ?? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+$/.exec(textAt(actor, "reference") ?? "")?.[1];
}

/** Appointments that take time. */
function busyOf(resource: Json): Busy[] {
  const status = entry(statuses, textAt(resource, "status") ?? "");
  const [start, end] = [utcTime(resource["start"]), utcTime(resource["end"])];
  if (status === "CANCELLED" || status === undefined || start === undefined || end === undefined) return [];
  return [{ type: status === "TENTATIVE" ? "BUSY-TENTATIVE" : "BUSY", start, end }];
}

function slotOf(resource: Json): Busy[] {
  const type = textAt(resource, "status")?.toUpperCase();
  const [start, end] = [utcTime(resource["start"]), utcTime(resource["end"])];
  if (start === undefined || end === undefined) throw new EngineError("ICS-402");
  return type === "FREE" || type === "BUSY" || type === "BUSY-UNAVAILABLE" || type === "BUSY-TENTATIVE" ? [{ type, start, end }] : [];
}

function ownerOf(slot: Json | undefined, schedules: readonly Json[]): { readonly address: string; readonly name: string | undefined } | undefined {
  const [wanted, id] = [textAt(slot, "schedule", "identifier", "value"), textAt(slot, "schedule", "reference")];
  const schedule = schedules.find((each) => (wanted !== undefined && arrayAt(each, "identifier").some((one) => one["value"] === wanted)) || id?.endsWith(`Schedule/${textAt(each, "id")}`) === true);
  const actor = schedule ? arrayAt(schedule, "actor")[0] : undefined;
  return actor ? { address: addressOf(actor), name: textAt(actor, "display") } : undefined;
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let at = value;
  for (const key of path) at = typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Json)[key] : undefined;
  return typeof at === "string" && at !== "" ? at : undefined;
}

function arrayAt(value: Json, key: string): readonly Json[] {
  const found = value[key];
  return Array.isArray(found) ? found.filter((each): each is Json => typeof each === "object" && each !== null) : [];
}
