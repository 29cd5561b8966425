// What our application says of a booking, as a FHIR R4 Appointment. Its words for states are ours; an unknown one is no state of an appointment, and fails.

type Json = Record<string, any>;

const states: Record<string, string> = { booked: "booked", arrived: "arrived", done: "fulfilled", cancelled: "cancelled", noshow: "noshow" };

export function appointmentOf(booking: Json): Json {
  const status = states[booking["state"]];
  if (status === undefined) throw new Error("no such state");
  return {
    resourceType: "Appointment",
    identifier: [{ system: "https://visits.example/appointments", value: booking["booking"] }],
    meta: { versionId: String(booking["version"]) },
    status,
    start: booking["from"],
    end: booking["to"],
    participant: [
      { actor: { reference: `Patient/${booking["patient"]}` }, status: "accepted" },
      { actor: { reference: `Practitioner/${booking["provider"]}` }, status: "accepted" },
    ],
  };
}

export default (msg: Json): Json => appointmentOf(msg);
