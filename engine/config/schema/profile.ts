import { usages } from "../../codec/hl7v2/profile.ts";
import { Type } from "../../sdk/index.ts";
import { hl7Versions } from "./source.ts";
import { namePattern, text } from "./words.ts";

const usage = Type.Enum([...usages], { description: "R required, RE required but may be empty, C under a condition, O optional, X not used", examples: ["R"] });
const cardinality = (description: string) => Type.String({ description, pattern: "^\\d{1,4}\\.\\.(?:\\d{1,4}|\\*)$", examples: ["0..1", "1..*"] });
const segmentName = "^[A-Z][A-Z0-9]{2}$";

const segment = Type.Object(
  {
    name: Type.Optional(text("What the segment is called", "Pet")),
    after: Type.Optional(Type.String({ description: "Segment behind which it stands; default: its place in the standard, and anywhere for a segment of the site", pattern: segmentName, examples: ["PID"] })),
    usage: Type.Optional(usage),
    cardinality: Type.Optional(cardinality("How often it stands in a message, or behind each segment that `after` names")),
  },
  { additionalProperties: false },
);

const field = Type.Object(
  {
    name: Type.Optional(text("What the field is called", "Species")),
    type: Type.Optional(Type.String({ description: "Data type of HL7 v2", pattern: "^[A-Z][A-Z0-9_]{1,30}$", examples: ["CWE"] })),
    usage: Type.Optional(usage),
    cardinality: Type.Optional(cardinality("How often the field repeats")),
    length: Type.Optional(Type.Integer({ description: "Most characters, delimiters and escapes counted", minimum: 1, maximum: 1_000_000, examples: [20] })),
    table: Type.Optional(Type.String({ description: "Table that its code is of: one under tables, or the number of one of HL7, in quotes", minLength: 1, examples: ["species", "0001"] })),
  },
  { additionalProperties: false },
);

/** A file of `profiles/`: what a site asks of HL7 v2 messages beyond the standard. */
export const profileSchema = Type.Object(
  {
    profile: Type.String({ description: "Name of the profile, as channels name it", pattern: namePattern, examples: ["north-lab"] }),
    summary: Type.Optional(text("What the profile is for", "What Northside Lab sends")),
    version: Type.Optional(Type.Enum([...hl7Versions], { description: "Version that messages are held against, whatever MSH-12 says; in quotes where it looks like a number", examples: ["2.5.1"] })),
    relax: Type.Optional(
      Type.Array(Type.String({ description: "Code of a problem", pattern: "^HL7-[24]\\d\\d$", examples: ["HL7-409"] }), {
        description: "Problems that are told and are no reason to refuse a message",
        default: [],
        examples: [["HL7-409"]],
      }),
    ),
    segments: Type.Optional(Type.Record(Type.String({ pattern: segmentName }), segment, { description: "Segments of the site (Z..), and rules for those of the standard, by name", default: {}, examples: [{ ZPT: { name: "Pet", after: "PID", cardinality: "0..1" } }] })),
    structures: Type.Optional(
      Type.Record(Type.String({ pattern: "^[A-Z][A-Z0-9]{2}[\\^_][A-Z0-9]{3}$" }), Type.String({ description: "Segments in order: groups as NAME(...), a choice as <A|B>; behind each ? * + or [2..5]", minLength: 3, maxLength: 20_000, examples: ["MSH PID PV1? ORDER+(OBR OBX*)"] }), {
        description: "Whole messages in place of those of the standard, by message and event, or by the id of their structure",
        default: {},
        examples: [{ "ORU^R01": "MSH PID ZPT[1..3] ORDER+(OBR NTE? OBX+)" }],
      }),
    ),
    fields: Type.Optional(Type.Record(Type.String(), field, { description: "Fields and components by path, in numbers or names", default: {}, examples: [{ "ZPT-1": { name: "Species", type: "CWE", table: "species" }, "PID-8": { usage: "R", table: "0001" } }] })),
    tables: Type.Optional(Type.Record(Type.String(), Type.Array(text("Code", "DOG"), { minItems: 1 }), { description: "Codes by the name of their table", default: {}, examples: [{ species: ["DOG", "CAT"] }] })),
  },
  { additionalProperties: false, description: "What a site asks of HL7 v2 messages beyond the standard" },
);
