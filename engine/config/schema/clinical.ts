import { Type } from "../../sdk/index.ts";
import { namePattern, text } from "./words.ts";

/** Differences that can be approved. What cannot be compared cannot. */
const differences = ["CLN-101", "CLN-102", "CLN-103", "CLN-104", "CLN-105", "CLN-106", "CLN-107", "CLN-108", "CLN-109", "CLN-110", "CLN-111", "CLN-112", "CLN-113"] as const;

const exception = Type.Object(
  {
    name: Type.String({ description: "Its name, noted with each message that it lets go", pattern: namePattern, examples: ["no-room-for-comments"] }),
    allows: Type.Array(Type.Enum([...differences]), { description: "Differences that are let go", minItems: 1, examples: [["CLN-110"]] }),
    tests: Type.Optional(Type.Array(text("Code of a test", "8251-1"), { description: "Codes of the results that it is for; default: all", default: [], examples: [["8251-1"]] })),
    reason: text("Why this is right", "The ward system has no place for comments; they stand in the record"),
    approved: Type.Object(
      {
        by: text("Who has approved it: a role, no person of the data", "laboratory director"),
        date: Type.String({ description: "When", format: "date", examples: ["2026-03-01"] }),
      },
      { additionalProperties: false, description: "Who has approved it, and when", examples: [{ by: "laboratory director", date: "2026-03-01" }] },
    ),
  },
  { additionalProperties: false, description: "A difference between what came and what is sent that somebody has approved" },
);

/** `clinical:` of a destination. */
export const clinical = Type.Object(
  {
    owner: Type.Optional(text("Who looks at what is held; default: the owner of the channel's case, else operator", "lab-desk")),
    list: Type.Optional(Type.String({ description: "Work list for what is held; default: clinical-differences", pattern: namePattern, examples: ["clinical-differences"] })),
    exceptions: Type.Optional(Type.Array(exception, { description: "What may differ all the same", default: [], examples: [[]] })),
  },
  {
    additionalProperties: false,
    description: "What is made of a message of results is held against it, value by value; here stands who looks at a difference, and what may differ",
    examples: [{ owner: "lab-desk" }],
  },
);
