// An appointment as the record is told of it: one transaction with the Appointment and the Slot that it takes. Both are looked for by identifier inside the body, so
// that no address says anything, and a repeat changes nothing.

type Resource = Record<string, any>;

/** States in which the time is somebody else's to book (Appointment.status, R4). */
const free = ["cancelled", "noshow", "entered-in-error"];

const system = "https://visits.example/appointments";
const slots = "https://visits.example/slots";

/** `uma-sample` of `Practitioner/uma-sample`; the empty string where no practitioner takes part. */
export function providerOf(appointment: Resource): string {
  const references: string[] = (appointment["participant"] ?? []).map((each: Resource) => each["actor"]?.reference ?? "");
  return references.find((each) => each.startsWith("Practitioner/"))?.slice("Practitioner/".length) ?? "";
}

export function isFree(appointment: Resource): boolean {
  return free.includes(appointment["status"]);
}

export function appointmentBundle(appointment: Resource): Resource {
  const { id: _, meta: _m, ...resource } = appointment;
  const value: string = appointment["identifier"][0].value;
  const slot = {
    resourceType: "Slot",
    identifier: [{ system: slots, value }],
    schedule: { reference: `Schedule/${providerOf(appointment)}` },
    status: isFree(appointment) ? "free" : "busy",
    start: appointment["start"],
    end: appointment["end"],
  };
  const put = (each: Resource, of: string) => ({ resource: each, request: { method: "PUT", url: `${each["resourceType"]}?identifier=${of}|${encodeURIComponent(value)}` } });
  return { resourceType: "Bundle", type: "transaction", entry: [put(resource, system), put(slot, slots)] };
}

export default (msg: Resource): Resource => appointmentBundle(msg);
