import { duration, Type } from "../../sdk/index.ts";
import { namePattern, text } from "./words.ts";

/** `unknown:` of a destination. */
export const unknown = Type.Object(
  {
    do: Type.Enum(["inquire", "hold"], { description: "inquire: ask the partner what became of it, in the standard of the format (SCRIPT: GetMessage; X12: 276). hold: wait for a person", examples: ["inquire"] }),
    owner: text("Who decides when nobody else can say whether it has arrived", "pharmacy-desk"),
    list: Type.Optional(Type.String({ description: "Work list on which it stands then; default: unknown-deliveries", pattern: namePattern, examples: ["unknown-deliveries"] })),
    attempts: Type.Optional(Type.Integer({ description: "Inquiries before a person is asked", minimum: 1, maximum: 100, default: 5, examples: [5] })),
    initial: Type.Optional(duration("Pause before the first inquiry; it doubles each time", "5s")),
    max: Type.Optional(duration("Longest pause", "5m")),
    absent: Type.Optional(
      Type.Enum(["ask", "resend"], {
        description: "What follows when the partner has nothing of the message. ask: that proves nothing, ask again and then a person. resend: by agreement with the partner it never arrived, and is sent again",
        default: "ask",
        examples: ["resend"],
      }),
    ),
    endpoint: Type.Optional(text("Endpoint of the same partner for inquiries; default: the destination's", "mailbox")),
  },
  {
    additionalProperties: false,
    description: "What becomes of a message whose answer did not come; default: it is sent again, marked as a repeat",
    examples: [{ do: "inquire", owner: "pharmacy-desk" }],
  },
);
