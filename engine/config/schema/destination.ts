import { duration, size, Type } from "../../sdk/index.ts";
import { alert } from "./alert.ts";
import { clinical } from "./clinical.ts";
import { closedList } from "./closed-list.ts";
import { deidentify } from "./deidentify.ts";
import { code, filter } from "./code.ts";
import { unknown } from "./unknown.ts";
import { format, level, purpose, text } from "./words.ts";

/** Codes of an acknowledgement (HL7 v2, table 0008). */
export const ackCodes = ["AA", "CA", "AE", "CE", "AR", "CR"] as const;

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const retry = Type.Object(
  {
    attempts: Type.Optional(Type.Integer({ description: "Attempts in all before the message is dead; 0 = without end", minimum: 0, default: 0, examples: [8] })),
    initial: Type.Optional(duration("Pause after the first failure; it doubles each time", "1s")),
    max: Type.Optional(duration("Longest pause", "1m")),
    maxAge: Type.Optional(duration("Age at which the message is dead; 0s = without end", "0s")),
  },
  { additionalProperties: false, description: "How often to try again", default: {}, examples: [{ attempts: 8, initial: "2s", max: "5m" }] },
);

const outcome = (code: string) =>
  Type.Optional(Type.Enum(["retry", "reject", "dead"], { description: `What ${code} comes to`, examples: ["retry"] }));

const answers = Type.Object(
  { AE: outcome("AE"), CE: outcome("CE"), AR: outcome("AR"), CR: outcome("CR"), AA: outcome("AA"), CA: outcome("CA") },
  {
    additionalProperties: false,
    description: "What an answer comes to that is not accepted, by its code; default: AE and CE retry, AR and CR reject",
    minProperties: 1,
    examples: [{ AE: "reject" }],
  },
);

const time = (description: string, example: string) => Type.String({ description, pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", examples: [example] });

const window = Type.Object(
  {
    days: Type.Optional(
      Type.Array(Type.Enum([...weekdays]), {
        description: "Days on which the window opens",
        minItems: 1,
        default: [...weekdays],
        examples: [["mon", "tue", "wed", "thu", "fri"]],
      }),
    ),
    from: time("When it opens", "07:00"),
    to: time("When it closes; before from, it closes on the next day", "19:00"),
    timezone: text("Zone of these hours, by its IANA name", "America/New_York"),
  },
  {
    additionalProperties: false,
    description: "Hours in which messages are sent; outside, the lane waits",
    examples: [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "07:00", to: "19:00", timezone: "America/New_York" }],
  },
);

const batch = Type.Object(
  {
    max: Type.Optional(Type.Integer({ description: "Messages that go as one", minimum: 1, maximum: 10_000, default: 100, examples: [100] })),
    maxBytes: Type.Optional(size("Bytes that go as one", "1mb")),
    within: Type.Optional(duration("How long the first waits for others", "5s")),
  },
  { additionalProperties: false, description: "Messages that wait one behind the other go as one", examples: [{ max: 100, within: "5s" }] },
);

const response = Type.Object(
  {
    format: Type.Optional(format("Format of what the partner answers; default: the destination's")),
    transform: Type.Optional({ ...code, description: "Code over the answer, as msg, that gives what is kept and returned to the sender" }),
  },
  { additionalProperties: false, description: "How the partner's answer is read, and what is made of it", examples: [{ format: "json" }] },
);

export const destinationKeys = {
  partner: text("Who receives, as named in partners.yaml", "ehr"),
  sends: Type.Optional(level("Level of what is sent; default: the channel's. Lower needs a closed list under only")),
  purpose: Type.Optional(purpose("Purpose of use that the agreement must cover")),
  format: Type.Optional(format("Format of what is sent; default: the source's, json with a closed list")),
  filter: Type.Optional(filter),
  transform: Type.Optional(code),
  deidentify: Type.Optional(deidentify),
  only: Type.Optional(closedList),
  alert: Type.Optional(alert),
  clinical: Type.Optional(clinical),
  queue: Type.Optional(
    Type.Enum(["always", "on-failure", "none"], {
      description:
        "always: the lane sends and tries again. on-failure: the sender's answer waits for the first attempt. none: one attempt, and what fails is a dead letter",
      default: "always",
      examples: ["always"],
    }),
  ),
  retry: Type.Optional(retry),
  unknown: Type.Optional(unknown),
  window: Type.Optional(window),
  batch: Type.Optional(batch),
  accept: Type.Optional(
    Type.Array(Type.Enum([...ackCodes]), {
      description: "Answers of the partner that count as delivered; default: AA and CA",
      minItems: 1,
      examples: [["AA", "CA"]],
    }),
  ),
  answers: Type.Optional(answers),
  response: Type.Optional(response),
  fallback: Type.Optional(text("Destination of this channel that takes what is dead or rejected here", "fax")),
};
