import { buildAck, parseHl7 } from "../../../engine/codec/index.ts";
import type { Hl7Profile } from "../../../engine/codec/hl7v2/profile.ts";
import { checkHl7 } from "../../../engine/codec/hl7v2/strict/index.ts";
import { hl7OfXml } from "../../../engine/codec/hl7v2/xml/read.ts";
import { xmlOfHl7 } from "../../../engine/codec/hl7v2/xml/write.ts";
import { problemsOf } from "../../../engine/codec/validate.ts";
import type { Target } from "../target.ts";

const profile: Hl7Profile = {
  name: "fuzz",
  segments: { ZZ1: { after: "PID", cardinality: { min: 1, max: 2 } }, NTE: { usage: "X" } },
  fields: { "ZZ1-1": { type: "CWE", usage: "R", table: "own" }, "PID-3.4": { usage: "R", length: 5 }, "OBX-5": { cardinality: { min: 1, max: 1 } } },
  structures: { "ADT^A01": "MSH EVN? PID ZZ2[1..2] VISIT[0..3](<PV1|PV2> OBX* DEEP+(NTE[2..*]))" },
  tables: { own: ["A"] },
  relax: [],
};

export const target: Target = {
  name: "hl7v2",
  seeds: [
    "MSH|^~\\&|LIS|NORTH|EHR|SOUTH|20260301120000||ORU^R01^ORU_R01|C1|P|2.5.1\rPID|1||900123^^^NORTH^MR||EXEMPLAR^ADA^\\T\\||19470823|F\rOBR|1|A1||24323-8^CMP^LN\rOBX|1|NM|2345-7^Glucose^LN||95|mg/dL|70-99|N|||F\r",
    "FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.3\rEVN||2026\rPID|1||1\rBTS|1\rFTS|1\r",
  ],
  words: ["|", "^", "~", "\\", "&", "\r", "\n", "\\F\\", "\\X0d\\", '""', "MSH|^~\\&|", "OBX", "ZZ1", "\u0000", "\\.br\\"],
  run(text) {
    const message = parseHl7(text);
    let left = 50;
    for (const { path } of message.leaves()) if (left-- > 0) message.values(path);
    problemsOf(message);
    checkHl7(message, profile);
    if (text.length < 20_000 && message.messages > 0 && message.segments.every(({ name }) => name !== "???")) hl7OfXml(xmlOfHl7(message));
    buildAck({ text }, { code: "AA", controlId: "1", now: 0 });
    message.set("PID-5.1", "a|b^c");
    parseHl7(message.toString());
  },
};
