/** Value types of RFC 5545 3.3; UNKNOWN is what an extension holds that names no type: read as text. */
export type ValueType =
  | "BINARY" | "BOOLEAN" | "CAL-ADDRESS" | "DATE" | "DATE-TIME" | "DURATION" | "FLOAT" | "INTEGER" | "PERIOD" | "RECUR" | "TEXT" | "TIME" | "URI" | "UTC-OFFSET" | "UNKNOWN";

/** What the standards say of a property. */
export interface PropertyRow {
  /** The default type, then the others that VALUE may name. */
  readonly types: readonly ValueType[];
  /** Between several values, or between the parts of one. */
  readonly separator?: "," | ";";
  /** DATE-TIME is in UTC. */
  readonly isUtc?: true;
  /** May stand more than once in a component. */
  readonly isMany?: true;
  /** What the property tells, for people. */
  readonly words: string;
}

const text = (words: string): PropertyRow => ({ types: ["TEXT"], words });
const many = (row: PropertyRow): PropertyRow => ({ ...row, isMany: true });
const utc = (words: string): PropertyRow => ({ types: ["DATE-TIME"], isUtc: true, words });
const time = (words: string): PropertyRow => ({ types: ["DATE-TIME", "DATE"], words });
const uri = (words: string): PropertyRow => ({ types: ["URI"], words });

/** Properties of RFC 5545 3.7 and 3.8, RFC 7953, 7986, 9073, 9074 and 9253. A null prototype: names come from messages. */
const rows: Readonly<Record<string, PropertyRow>> = bare({
  CALSCALE: text("calendar scale"),
  METHOD: text("method"),
  PRODID: text("product"),
  VERSION: text("version"),
  ATTACH: many({ types: ["URI", "BINARY"], words: "attachment" }),
  CATEGORIES: many({ types: ["TEXT"], separator: ",", words: "categories" }),
  CLASS: text("classification"),
  COMMENT: many(text("comment")),
  DESCRIPTION: text("description"),
  GEO: { types: ["FLOAT"], separator: ";", words: "latitude and longitude" },
  LOCATION: text("location"),
  "PERCENT-COMPLETE": { types: ["INTEGER"], words: "percent complete" },
  PRIORITY: { types: ["INTEGER"], words: "priority" },
  RESOURCES: many({ types: ["TEXT"], separator: ",", words: "resources" }),
  STATUS: text("status"),
  SUMMARY: text("summary"),
  COMPLETED: utc("completed"),
  DTEND: time("end"),
  DUE: time("due"),
  DTSTART: time("start"),
  DURATION: { types: ["DURATION"], words: "duration" },
  FREEBUSY: many({ types: ["PERIOD"], separator: ",", words: "free or busy time" }),
  TRANSP: text("transparency"),
  TZID: text("time zone"),
  TZNAME: many(text("time zone name")),
  TZOFFSETFROM: { types: ["UTC-OFFSET"], words: "offset before" },
  TZOFFSETTO: { types: ["UTC-OFFSET"], words: "offset from here" },
  TZURL: uri("time zone address"),
  ATTENDEE: many({ types: ["CAL-ADDRESS"], words: "attendee" }),
  CONTACT: many(text("contact")),
  ORGANIZER: { types: ["CAL-ADDRESS"], words: "organizer" },
  "RECURRENCE-ID": time("recurrence id"),
  "RELATED-TO": many({ types: ["TEXT", "URI", "UNKNOWN"], words: "related to" }),
  URL: uri("address"),
  UID: text("unique id"),
  EXDATE: many({ types: ["DATE-TIME", "DATE"], separator: ",", words: "exception dates" }),
  EXRULE: many({ types: ["RECUR"], words: "exception rule" }),
  RDATE: many({ types: ["DATE-TIME", "DATE", "PERIOD"], separator: ",", words: "recurrence dates" }),
  RRULE: many({ types: ["RECUR"], words: "recurrence rule" }),
  ACTION: text("action"),
  REPEAT: { types: ["INTEGER"], words: "repeat count" },
  TRIGGER: { types: ["DURATION", "DATE-TIME"], words: "trigger" },
  CREATED: utc("created"),
  DTSTAMP: utc("time stamp"),
  "LAST-MODIFIED": utc("last modified"),
  SEQUENCE: { types: ["INTEGER"], words: "sequence" },
  "REQUEST-STATUS": many({ types: ["TEXT"], separator: ";", words: "request status" }),
  BUSYTYPE: text("busy type"),
  NAME: many(text("name")),
  "REFRESH-INTERVAL": { types: ["DURATION"], words: "refresh interval" },
  SOURCE: uri("source"),
  COLOR: text("color"),
  IMAGE: many({ types: ["URI", "BINARY"], words: "image" }),
  CONFERENCE: many(uri("conference")),
  "LOCATION-TYPE": { types: ["TEXT"], separator: ",", words: "location type" },
  "PARTICIPANT-TYPE": text("participant type"),
  "RESOURCE-TYPE": text("resource type"),
  "CALENDAR-ADDRESS": { types: ["CAL-ADDRESS"], words: "calendar address" },
  "STYLED-DESCRIPTION": many({ types: ["TEXT", "URI"], words: "styled description" }),
  "STRUCTURED-DATA": many({ types: ["TEXT", "BINARY", "URI"], words: "structured data" }),
  ACKNOWLEDGED: utc("acknowledged"),
  PROXIMITY: text("proximity"),
  CONCEPT: many(uri("concept")),
  LINK: many({ types: ["URI", "UNKNOWN", "TEXT"], words: "link" }),
  REFID: many(text("reference id")),
});

function bare(from: Record<string, PropertyRow>): Record<string, PropertyRow> {
  return Object.assign(Object.create(null) as Record<string, PropertyRow>, from);
}

export function propertyRow(name: string): PropertyRow | undefined {
  return rows[name];
}

/** Components of the standards. */
export const componentNames: ReadonlySet<string> = new Set([
  "VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VAVAILABILITY", "AVAILABLE", "PARTICIPANT", "VLOCATION", "VRESOURCE",
]);

export const propertyNames: readonly string[] = Object.keys(rows);

/** Parameters of RFC 5545 3.2 and of the later ones. */
export const parameterNames: ReadonlySet<string> = new Set([
  "ALTREP", "CN", "CUTYPE", "DELEGATED-FROM", "DELEGATED-TO", "DIR", "ENCODING", "FMTTYPE", "FBTYPE", "LANGUAGE", "MEMBER", "PARTSTAT", "RANGE", "RELATED", "RELTYPE", "ROLE", "RSVP",
  "SCHEDULE-AGENT", "SCHEDULE-FORCE-SEND", "SCHEDULE-STATUS", "SENT-BY", "TZID", "VALUE", "DISPLAY", "EMAIL", "FEATURE", "LABEL", "ORDER", "SCHEMA", "DERIVED", "GAP", "LINKREL",
]);

/** The parameters whose values are several, each for itself. */
export const manyValued: ReadonlySet<string> = new Set(["DELEGATED-FROM", "DELEGATED-TO", "MEMBER", "FEATURE", "DISPLAY"]);
