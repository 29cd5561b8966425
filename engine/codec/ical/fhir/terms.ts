/** A resource or a piece of one, as JSON. */
export type Json = { readonly [key: string]: unknown };

/** Identifiers of iCalendar in FHIR: UID, and the RECURRENCE-ID of one instance in UTC. */
export const uidSystem = "urn:ietf:rfc:5545:uid";
export const recurrenceSystem = "urn:ietf:rfc:5545:recurrence-id";
export const uriSystem = "urn:ietf:rfc:3986";
/** The IANA zone that an offset stands for (BCP 175). */
export const zoneExtension = "http://hl7.org/fhir/StructureDefinition/tz-code";

/** Appointment.status that iCalendar has no word for goes as it is in this property. */
export const statusProperty = "X-FHIR-STATUS";
/** A coded Appointment.cancelationReason; its system in the parameter X-SYSTEM. */
export const reasonProperty = "X-FHIR-CANCELATION-REASON";

/** Appointment.status (R4) and the STATUS of an event that comes nearest. */
export const statuses: Readonly<Record<string, "TENTATIVE" | "CONFIRMED" | "CANCELLED">> = {
  proposed: "TENTATIVE", pending: "TENTATIVE", waitlist: "TENTATIVE", booked: "CONFIRMED", arrived: "CONFIRMED", "checked-in": "CONFIRMED", fulfilled: "CONFIRMED", noshow: "CONFIRMED",
  cancelled: "CANCELLED", "entered-in-error": "CANCELLED",
};

/** What a STATUS says when nothing says more. */
export const plainStatus: Readonly<Record<string, string>> = { TENTATIVE: "pending", CONFIRMED: "booked", CANCELLED: "cancelled" };

/** PARTSTAT and ParticipationStatus; who delegates does not come. */
export const partstats: Readonly<Record<string, string>> = { ACCEPTED: "accepted", DECLINED: "declined", TENTATIVE: "tentative", "NEEDS-ACTION": "needs-action", DELEGATED: "declined" };
export const participation: Readonly<Record<string, string>> = { accepted: "ACCEPTED", declined: "DECLINED", tentative: "TENTATIVE", "needs-action": "NEEDS-ACTION" };

export const roles: Readonly<Record<string, string>> = { "REQ-PARTICIPANT": "required", CHAIR: "required", "OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "information-only" };
export const required: Readonly<Record<string, string>> = { required: "REQ-PARTICIPANT", optional: "OPT-PARTICIPANT", "information-only": "NON-PARTICIPANT" };

/** CUTYPE and the type of the resource that takes part. */
export const kinds: Readonly<Record<string, string>> = { ROOM: "Location", RESOURCE: "Device" };

export const busyTypes: Readonly<Record<string, string>> = { FREE: "free", BUSY: "busy", "BUSY-UNAVAILABLE": "busy-unavailable", "BUSY-TENTATIVE": "busy-tentative" };

/** Of a null prototype's table or a plain one: own entries alone, names come from messages. */
export function entry(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
