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

/** The map of the engine, and what a channel adjusts of it. */
const fhirMap = Type.Object(
  {
    map: Type.Enum(["hl7v2-to-fhir"], { description: "HL7 v2 to a FHIR R4 Bundle, by the HL7 v2-to-FHIR maps", examples: ["hl7v2-to-fhir"] }),
    like: Type.Optional(Type.Enum(["reportstream"], { description: "A partner whose known options stand where the channel states none: CDC ReportStream", examples: ["reportstream"] })),
    message: Type.Optional(text("Message map to use, whatever MSH-9 says", "ADT_A01")),
    bundle: Type.Optional(Type.Enum(["message", "transaction", "collection"], { description: "Kind of the Bundle; default: message", examples: ["transaction"] })),
    drop: Type.Optional(Type.Array(text("Resource type or segment map", "Provenance"), { description: "Resources that are not made", examples: [["Provenance", "NK1[Patient]"]] })),
    rows: Type.Optional(Type.Record(Type.String(), Type.Array(row), { description: "Rows of a segment or data type map; a field given here loses those of the map", examples: [{ "PID[Patient]": [{ from: "PID-19", to: "" }] }] })),
    authorities: words("URIs of assigning authorities, by namespace or universal id", { NORTHSIDE: "https://northside.example/mrn" }),
    systems: words("URIs of coding systems, by the name that messages give them", { "99LAB": "https://northside.example/tests" }),
    codes: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.String()), { description: "Codes added to vocabulary maps", examples: [{ AdministrativeSex: { X: "other" } }] })),
    requests: Type.Optional(Type.Enum(["ordered", "every"], { description: "Whether every OBR of a result makes a ServiceRequest, or only one with an ORC; default: ordered", examples: ["every"] })),
    zone: Type.Optional(Type.String({ description: "Offset of times that state none; default: that of MSH-7", pattern: "^[+-]\\d{2}:\\d{2}$", examples: ["-05:00"] })),
  },
  { additionalProperties: false, title: "map" },
);

/** Code of a transform. */
export const code = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar" }),
    Type.Object({ file: text("Code file, relative to the project", "transforms/lab.ts") }, { additionalProperties: false }),
    fhirMap,
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
