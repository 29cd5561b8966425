import { Type } from "../../sdk/index.ts";
import { scalar } from "./code.ts";
import { namePattern, text } from "./words.ts";

const expectation = Type.Union(
  [
    Type.Enum(["filtered"], { title: "word" }),
    Type.Object({ refused: Type.String({ description: "Code of the refusal", pattern: "^[A-Z0-9]+-\\d+$", examples: ["PHI-201"] }) }, { additionalProperties: false }),
    Type.Object({ sent: Type.Unknown({ description: "The whole content that is sent", examples: [{ amount: 4000 }] }) }, { additionalProperties: false }),
    Type.Object({ contains: Type.Record(Type.String(), Type.Unknown(), { description: "Values by path in what is sent", examples: [{ "MSH-5": "WARD" }] }) }, { additionalProperties: false }),
    Type.Object({ filtered: Type.Literal(true, { description: "The message does not pass" }) }, { additionalProperties: false }),
  ],
  { description: "What becomes of the message at a destination" },
);

const test = Type.Object(
  {
    name: text("What the test shows", "a final result reaches the EHR"),
    given: Type.Object(
      {
        file: Type.Optional(text("Message file, relative to the project", "fixtures/oru-final.hl7")),
        text: Type.Optional(text("The message itself", "MSH|^~\\&|...")),
        set: Type.Optional(
          Type.Record(Type.String(), scalar, { description: "Values to set in the message first, by path", default: {}, examples: [{ "PID-5.1": "DOE" }] }),
        ),
      },
      { additionalProperties: false, description: "The message", examples: [{ file: "fixtures/oru-final.hl7" }] },
    ),
    expect: Type.Record(Type.String(), expectation, { description: "By destination, what must happen", examples: [{ ehr: "filtered" }] }),
  },
  { additionalProperties: false },
);

const described = { description: "Tests run by `sluice test` through the real flow, with deliveries captured" };

export const tests = Type.Array(test, { ...described, default: [], examples: [[]] });

/** A file of `tests/`: tests of a channel that stand beside its file rather than in it. */
export const testFileSchema = Type.Object(
  {
    channel: Type.String({ description: "Name of the channel that is tested", pattern: namePattern, examples: ["lab-results"] }),
    tests: Type.Array(test, { ...described, minItems: 1, examples: [[]] }),
  },
  { additionalProperties: false, description: "Tests of one channel, run by `sluice test`" },
);
