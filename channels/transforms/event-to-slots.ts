// A provider's private event as the hours in which nobody can book: no more of it than when, and whose calendar it is. What it is about stays here.

declare function icalToFhir(msg: Message, window: { from: number; to: number }): Record<string, any>[];

interface Message {
  get(path: string): string;
}

const day = 86_400_000;
const system = "https://visits.example/blocked";

/** An hour of another calendar that is free, or is free again. */
function isFree(msg: Message): boolean {
  return msg.get("VEVENT/STATUS") === "CANCELLED" || msg.get("VCALENDAR/METHOD") === "CANCEL" || msg.get("VEVENT/TRANSP") === "TRANSPARENT";
}

export default (msg: Message): Record<string, any> => {
  const of = msg.get("VCALENDAR/X-CALENDAR-OF");
  const name = `${of}/${msg.get("VEVENT/UID")}`;
  // Days behind are over, and what repeats for ever is looked at for half a year.
  const instances = icalToFhir(msg, { from: Date.now() - day, to: Date.now() + 180 * day });
  const status = isFree(msg) ? "free" : "busy-unavailable";
  const entry = instances.map(({ start, end, identifier }) => {
    const value = identifier.length > 1 ? `${name}/${identifier[1].value}` : name;
    const resource = { resourceType: "Slot", identifier: [{ system, value }], schedule: { reference: `Schedule/${of}` }, status, start, end };
    return { resource, request: { method: "PUT", url: `Slot?identifier=${system}|${encodeURIComponent(value)}` } };
  });
  const state = entry.length === 0 ? "free" : status;
  return { resourceType: "Bundle", type: "transaction", identifier: { system, value: name }, meta: { tag: [{ system: "https://visits.example/hours", code: state }] }, entry };
};
