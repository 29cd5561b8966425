import { parseHl7 } from "../../../engine/codec/index.ts";
import { hl7OfXml, isHl7Xml } from "../../../engine/codec/hl7v2/xml/read.ts";
import type { Target } from "../target.ts";

export const target: Target = {
  name: "hl7v2-xml",
  seeds: [
    '<?xml version="1.0"?>\n<ORU_R01 xmlns="urn:hl7-org:v2xml"><MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.9><MSG.1>ORU</MSG.1></MSH.9><MSH.10>1</MSH.10></MSH><ORU_R01.PATIENT_RESULT><PID><PID.3><CX.1>A</CX.1><CX.4><HD.1>N</HD.1></CX.4></PID.3></PID><OBX><OBX.5>a<escape V="H"/>b</OBX.5></OBX></ORU_R01.PATIENT_RESULT></ORU_R01>',
  ],
  words: ["<PID>", "</PID>", "<PID.3>", "<CX.9999>", "<ZZ1/>", ".1", "&amp;", "|", "^~\\&amp;", '<escape V="X0D"/>', '""', "MSH", "<!-- -->", "<![CDATA[|]]>", "\r"],
  run(text) {
    isHl7Xml(text);
    const message = parseHl7(hl7OfXml(text));
    let left = 50;
    for (const { path } of message.leaves()) if (left-- > 0) message.values(path);
  },
};
