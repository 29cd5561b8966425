import { Type } from "../../sdk/index.ts";
import { text } from "./words.ts";

const words = (description: string, example: Readonly<Record<string, string>>) => Type.Optional(Type.Record(Type.String(), Type.String(), { description, examples: [example] }));

const row = Type.Object(
  {
    from: text("Field or component of the message", "PID-35"),
    to: Type.String({ description: "Path in the resource; empty: the field is not mapped", examples: ["extension[1].valueCodeableConcept", ""] }),
    map: Type.Optional(text("Data type map", "CWE[CodeableConcept]")),
    table: Type.Optional(text("Vocabulary map", "AdministrativeSex")),
    value: Type.Optional(text("A constant, instead of the field's value", "official")),
    when: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]), { description: "Fields that must be present, absent, or one of these values", examples: [{ "PID-3": "present" }] }),
    ),
  },
  { additionalProperties: false, title: "row" },
);

const authorities = words("URIs of assigning authorities, by namespace or universal id", { NORTHSIDE: "https://northside.example/mrn" });
const systems = words("URIs of coding systems, by the name that messages give them", { "99LAB": "https://northside.example/tests" });
const codes = (description: string, example: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), { description, examples: [example] }));
const party = (field: string, what: string, example: string) => Type.Optional(text(`${field}, ${what}: a namespace, or namespace^id^type; default: as a MessageHeader says`, example));

/** The map from HL7 v2, and what a channel adjusts of it. */
const fhirMap = Type.Object(
  {
    map: Type.Literal("hl7v2-to-fhir", { description: "HL7 v2 to a FHIR R4 Bundle, by the HL7 v2-to-FHIR maps", examples: ["hl7v2-to-fhir"] }),
    like: Type.Optional(Type.Enum(["reportstream"], { description: "A partner whose known options stand where the channel states none: CDC ReportStream", examples: ["reportstream"] })),
    message: Type.Optional(text("Message map to use, whatever MSH-9 says", "ADT_A01")),
    bundle: Type.Optional(Type.Enum(["message", "transaction", "collection"], { description: "Kind of the Bundle; default: message", examples: ["transaction"] })),
    drop: Type.Optional(Type.Array(text("Resource type or segment map", "Provenance"), { description: "Resources that are not made", examples: [["Provenance", "NK1[Patient]"]] })),
    rows: Type.Optional(Type.Record(Type.String(), Type.Array(row), { description: "Rows of a segment or data type map; a field given here loses those of the map", examples: [{ "PID[Patient]": [{ from: "PID-19", to: "" }] }] })),
    authorities,
    systems,
    codes: codes("Codes added to vocabulary maps", { AdministrativeSex: { X: "other" } }),
    requests: Type.Optional(Type.Enum(["ordered", "every"], { description: "Whether every OBR of a result makes a ServiceRequest, or only one with an ORC; default: every", examples: ["ordered"] })),
    zone: Type.Optional(Type.String({ description: "Offset of times that state none; default: that of MSH-7", pattern: "^[+-]\\d{2}:\\d{2}$", examples: ["-05:00"] })),
  },
  { additionalProperties: false, title: "map" },
);

const backRow = Type.Object(
  {
    to: text("Field or component of the message", "PID-19"),
    from: Type.Optional(Type.String({ description: "Path in the resource; empty or absent, and without a value: the field is not written", examples: ["identifier[type.coding.code=SS].value", ""] })),
    table: Type.Optional(text("Vocabulary map", "AdministrativeSex")),
    value: Type.Optional(text("A constant, written where the path is, or always where there is none", "FRONTDESK")),
  },
  { additionalProperties: false, title: "row" },
);

/** The way back. */
const backMap = Type.Object(
  {
    map: Type.Literal("fhir-to-hl7v2", { description: "A FHIR R4 Bundle or resource to ORU^R01, ADT or SIU", examples: ["fhir-to-hl7v2"] }),
    event: Type.Optional(text("Message and event; default: what a MessageHeader or the resources imply", "ADT^A08")),
    version: Type.Optional(Type.Enum(["2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8"], { description: "Version of HL7 v2; default: 2.5.1", examples: ["2.5.1"] })),
    sendingApplication: party("MSH-3", "who sends", "EHR"),
    sendingFacility: party("MSH-4", "where it is sent from", "NORTHSIDE^2.16.840.1.113883.19^ISO"),
    receivingApplication: party("MSH-5", "who receives", "LIS"),
    receivingFacility: party("MSH-6", "where it is received", "LAB"),
    processing: Type.Optional(Type.Enum(["P", "T", "D"], { description: "MSH-11: production, training or debugging; default: P", examples: ["T"] })),
    drop: Type.Optional(Type.Array(text("Segment", "NK1"), { description: "Segments that are not written", examples: [["NK1", "PD1"]] })),
    rows: Type.Optional(Type.Record(Type.String(), Type.Array(backRow), { description: "Rows of a segment map; a field given here loses those of the map", examples: [{ "PID[Patient]": [{ to: "PID-19" }] }] })),
    authorities,
    systems,
    codes: codes("Codes added to vocabulary maps, from FHIR to HL7 v2", { AdministrativeSex: { other: "A" } }),
  },
  { additionalProperties: false, title: "map" },
);

/** iCalendar as FHIR R4, in a Bundle. */
const icalMap = Type.Object(
  {
    map: Type.Literal("ical-to-fhir", { description: "iCalendar to a FHIR R4 Bundle of Appointments, AppointmentResponses, Schedules and Slots", examples: ["ical-to-fhir"] }),
    days: Type.Optional(Type.Integer({ description: "Days ahead, from the day of the message, of which instances of a series are made; absent: a series is refused (ICS-401)", minimum: 1, maximum: 3660, examples: [90] })),
    limit: Type.Optional(Type.Integer({ description: "Instances that are an error to exceed; default: 1000", minimum: 1, maximum: 100_000, examples: [500] })),
    floating: Type.Optional(text("IANA zone of times that name none; default: UTC", "America/New_York")),
  },
  { additionalProperties: false, title: "map" },
);

/** FHIR R4 as iCalendar. */
const calendarMap = Type.Object(
  {
    map: Type.Literal("fhir-to-ical", { description: "Appointments, AppointmentResponses and Slots, one or a Bundle of them, to iCalendar", examples: ["fhir-to-ical"] }),
    method: Type.Optional(Type.Enum(["PUBLISH", "REQUEST", "REPLY", "CANCEL"], { description: "METHOD; default: REPLY for responses, CANCEL where all are cancelled, REQUEST where somebody takes part, else PUBLISH", examples: ["REQUEST"] })),
    freeBusy: Type.Optional(Type.Boolean({ description: "Times alone, merged, with nothing of what they are about; default: false", examples: [true] })),
    uid: Type.Optional(text("UID of the free and busy times; default: free-busy", "ward-3-clinic")),
  },
  { additionalProperties: false, title: "map" },
);

/** Code of a transform. */
export const code = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar" }),
    Type.Object({ file: text("Code file, relative to the project", "transforms/lab.ts") }, { additionalProperties: false }),
    fhirMap,
    backMap,
    icalMap,
    calendarMap,
  ],
  { description: "JavaScript in a block scalar, or a file of JavaScript or TypeScript", examples: ["return msg;\n", { file: "transforms/lab.ts" }] },
);

export const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
export const filter = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar; a truthy result lets the message pass" }),
    Type.Object({ file: text("Code file, relative to the project", "filters/final.ts") }, { additionalProperties: false, title: "file" }),
    Type.Record(Type.String(), Type.Union([scalar, Type.Array(scalar, { minItems: 1 })], { title: "condition" }), { title: "conditions" }),
  ],
  {
    description: "Which messages pass: conditions by message path (present, absent, a value, or a list of values), or code",
    examples: [{ "OBR-25": "F" }],
  },
);
