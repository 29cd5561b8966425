import { Type } from "../../sdk/index.ts";
import { text } from "./words.ts";

/** Code of a transform. */
export const code = Type.Union(
  [
    Type.String({ description: "JavaScript in a block scalar" }),
    Type.Object({ file: text("Code file, relative to the project", "transforms/lab.ts") }, { additionalProperties: false }),
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
