import { splitWays } from "../../codec/split/index.ts";
import { size, Type } from "../../sdk/index.ts";
import { limit } from "./partners.ts";
import { aDuration, format, purpose, text } from "./words.ts";

/** Versions that a channel may name. YAML reads `2.3` as a number, so both forms stand here. */
export const hl7Versions = ["2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2", "2.9"] as const;
const asNumbers = hl7Versions.flatMap((version) => (version.split(".").length === 2 ? [Number(version)] : []));

/** ASCII, as the codec cuts bytes whose character set it need not know. */
const sign = "[\\t\\u0001\\u001f -~]";

const csv = Type.Object(
  {
    delimiter: Type.Optional(Type.String({ description: "Character between two values", pattern: `^${sign}$`, default: ",", examples: [";", ",", "|", "\t"] })),
    quote: Type.Optional(
      Type.String({
        description: "Character around a value that holds a delimiter or a line break, doubled inside; an empty text where values are never quoted",
        pattern: `^${sign}?$`,
        default: '"',
        examples: ['"'],
      }),
    ),
    header: Type.Optional(Type.Boolean({ description: "The first record names the columns", default: true, examples: [true] })),
  },
  { additionalProperties: false, description: "How delimited text is read, where the format is csv", examples: [{ delimiter: ";" }] },
);

const x12 = Type.Object(
  {
    answer: Type.Enum(["999", "TA1", 999], {
      description: "What the sender gets: 999 answers each functional group (by a 997 in version 4010) and the envelope where that asks for it, TA1 the envelope alone",
      examples: ["999"],
    }),
  },
  { additionalProperties: false, description: "How an X12 sender is answered; default: by the connector alone", examples: [{ answer: "999" }] },
);

const respond = Type.Object(
  {
    from: text("Destination of this channel whose answer the sender gets", "eligibility"),
    within: Type.Optional(aDuration("How long the sender waits for it", "20s")),
  },
  { additionalProperties: false, description: "The sender is answered with what one destination answered; then ack is not written", examples: [{ from: "eligibility", within: "20s" }] },
);

const attachments = Type.Object(
  {
    paths: Type.Array(text("Path in the message", "OBX-5"), { description: "Where large values stand", minItems: 1, examples: [["OBX-5"]] }),
    over: Type.Optional(size("Values larger than this are pulled out", "64kb")),
  },
  { additionalProperties: false, description: "Large values are pulled out of the body before the transform, and put back when it is sent", examples: [{ paths: ["OBX-5"], over: "64kb" }] },
);

/** Keys of the engine beside the connector's own, in the order of the message. */
export const sourceKeys = {
  partner: text("Who sends, as named in partners.yaml", "northside-lab"),
  purpose: Type.Optional(purpose("Purpose of use for which the source asks its partner (a poll, a search); default: TREAT toward a provider or lab")),
  format: Type.Optional(format("Format of the messages; needed when the connector reads several")),
  version: Type.Optional(
    Type.Enum([...hl7Versions, ...asNumbers], { description: "Version of HL7 v2 that the sender writes, which lint checks paths against; default: any", examples: ["2.5.1"] }),
  ),
  encoding: Type.Optional(
    Type.Enum(["er7", "xml"], { description: "How HL7 v2 is written: with delimiters, or in XML (v2.xml), which is read as the same message; its sender is answered in XML", default: "er7", examples: ["xml"] }),
  ),
  csv: Type.Optional(csv),
  x12: Type.Optional(x12),
  split: Type.Optional(
    Type.Enum([...splitWays], {
      description: "Cuts what arrives into messages: batch by FHS, BHS and MSH of HL7 v2, records one a CSV record, the others by the parts of X12 (claim: one CLM of an 837 each, with the levels it hangs on, or one CLP of an 835); default: what arrives is one message",
      examples: ["batch"],
    }),
  ),
  types: Type.Optional(
    Type.Array(text("Message type", "ORU^R01"), { description: "Message types taken; default: all that the link allows", default: [], examples: [["ORU^R01"]] }),
  ),
  validate: Type.Optional(
    Type.Enum(["tolerant", "report", "refuse", "hold"], {
      description: "What happens to a message that is not as its standard, or the profile, says: nothing, an event, a negative answer that names the places, or (hold) it is taken and waits for the owner of the channel's case",
      default: "tolerant",
      examples: ["refuse"],
    }),
  ),
  profile: Type.Optional(text("What messages are held against beside their standard: a profile of profiles/ for HL7 v2; for FHIR us-core (US Core 6.1.0) or the canonical address of a profile that is shipped", "north-lab")),
  sequence: Type.Optional(
    Type.Boolean({
      description: "Keeps the sequence numbers that HL7 v2 senders write in MSH-13: a message out of turn is refused, and answers say the next number in MSA-4",
      default: false,
      examples: [true],
    }),
  ),
  ack: Type.Optional(
    Type.Enum(["stored", "processed", "delivered"], {
      description: "What a positive answer waits for: stored on disk, processed by filters and transforms, or delivered to every destination",
      default: "stored",
      examples: ["stored"],
    }),
  ),
  within: Type.Optional(aDuration("How long the sender waits for ack: processed or delivered, or for a first attempt (queue: on-failure); default 30s, and none for delivered", "20s")),
  respond: Type.Optional(respond),
  attachments: Type.Optional(attachments),
  patient: Type.Optional(Type.String({ description: "Path of the ids of the patients that a message is about, for the accounting of disclosures; HL7 v2 and FHIR messages say it themselves", examples: ["patient.mrn"], minLength: 1 })),
  charset: Type.Optional(Type.String({ description: "What bytes are when the message does not say", default: "utf-8", examples: ["utf-8"], minLength: 1 })),
  limit: Type.Optional(limit("How much this channel takes; not more than the link")),
};
