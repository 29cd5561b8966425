import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, filesIn, isPresent } from "../../../../test/conformance/corpus.ts";
import { detectFormat } from "../../detect.ts";
import { parseHl7 } from "../message.ts";
import { hl7OfXml, isHl7Xml } from "./read.ts";
import { xmlOfHl7 } from "./write.ts";

const text = [
  "MSH|^~\\&|LAB^1.2^ISO|NORTH|EHR|SOUTH|20260105081500||ORU^R01^ORU_R01|L77|P|2.5.1",
  'PID|1||A1^^^NORTH&1.2&ISO^MR~B2||ROE^RITA||""|F',
  "OBR|1||F1|718-7^Hemoglobin^LN",
  "OBX|1|ST|718-7||a \\T\\ b \\H\\bold\\N\\ <x> \\X0B\\||||||F",
  "OBX|2|CWE|718-7||P^Positive^L||||||F",
  "ZPT|1|DOG^Dog&hound|~x",
  "",
].join("\r");

/** What a message says, whatever stands behind the last of its pieces. */
const said = (hl7: string) => parseHl7(hl7).leaves().filter(({ path }) => !/^MSH-[12]$/.test(path)).map(({ path, value, isNull }) => [path.replace(/(?:\.1)+$/, ""), value, isNull]);

describe("HL7 v2 in XML", () => {
  it("has the groups of the structure and the types of the version", () => {
    const xml = xmlOfHl7(parseHl7(text));
    expect(xml).toContain('<ORU_R01 xmlns="urn:hl7-org:v2xml"><MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.3><HD.1>LAB</HD.1><HD.2>1.2</HD.2><HD.3>ISO</HD.3></MSH.3>');
    expect(xml).toContain("<ORU_R01.PATIENT_RESULT><ORU_R01.PATIENT><PID><PID.1>1</PID.1><PID.3><CX.1>A1</CX.1><CX.4><HD.1>NORTH</HD.1><HD.2>1.2</HD.2><HD.3>ISO</HD.3></CX.4><CX.5>MR</CX.5></PID.3><PID.3><CX.1>B2</CX.1></PID.3>");
    expect(xml).toContain('<PID.5><XPN.1><FN.1>ROE</FN.1></XPN.1><XPN.2>RITA</XPN.2></PID.5><PID.7>""</PID.7>');
    expect(xml).toContain('<ORU_R01.OBSERVATION><OBX><OBX.1>1</OBX.1><OBX.2>ST</OBX.2><OBX.3><CE.1>718-7</CE.1></OBX.3><OBX.5>a &amp; b <escape V="H"/>bold<escape V="N"/> &lt;x&gt; <escape V="X0B"/></OBX.5>');
    expect(xml).toContain("<OBX.5><CWE.1>P</CWE.1><CWE.2>Positive</CWE.2><CWE.3>L</CWE.3></OBX.5>");
    expect(xml).toContain("<ZPT><ZPT.1>1</ZPT.1><ZPT.2><ZPT.2.1>DOG</ZPT.2.1><ZPT.2.2><ZPT.2.2.1>Dog</ZPT.2.2.1><ZPT.2.2.2>hound</ZPT.2.2.2></ZPT.2.2></ZPT.2><ZPT.3></ZPT.3><ZPT.3>x</ZPT.3></ZPT>");
    expect([isHl7Xml(xml), isHl7Xml(text), isHl7Xml("<a/>")]).toEqual([true, false, false]);
    expect(hl7OfXml(xml)).toBe(text);
  });
  it("is read with prefixes, comments, other delimiters and none declared", () => {
    const xml = '<?xml version="1.0"?><h:ACK xmlns:h="urn:hl7-org:v2xml"><h:MSH><h:MSH.9><h:MSG.1>ACK</h:MSG.1></h:MSH.9><!-- x --><h:MSH.10>7</h:MSH.10></h:MSH>\n<h:MSA><h:MSA.1>AA</h:MSA.1><h:MSA.2>a|b^c</h:MSA.2></h:MSA></h:ACK>';
    expect(hl7OfXml(xml)).toBe("MSH|^~\\&|||||||ACK|7\rMSA|AA|a\\F\\b\\S\\c\r");
    expect(hl7OfXml(xml.replace("<h:MSH.9>", "<h:MSH.1>#</h:MSH.1><h:MSH.2>*+!%</h:MSH.2><h:MSH.9>"))).toBe("MSH#*+!%#######ACK#7\rMSA#AA#a|b^c\r");
  });
  it.each([["<a/>", "HL7-111"], ["<ACK><PID/></ACK>", "HL7-111"], ["<ACK><MSH><MSH.x/></MSH></ACK>", "HL7-111"], ["<ACK>", "XML-001"], ["<!DOCTYPE a><ACK/>", "XML-002"]])("refuses %s", (xml, code) => {
    expect(() => hl7OfXml(xml)).toThrow(code);
  });
  it("comes back as it was, whatever the values", () => {
    const value = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "Z", "&", "<", ">", '"', "'", "|", "^", "\\", "é", "\u{1f600}", " ", "]]>", "7") });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("PID-3.1", "PID-5.1", "PID-5[2].2", "PID-3[2].4.2", "OBX-5", "ZPT-2.2.2", "ZPT-4", "PID-37"), value), { maxLength: 12 }), (edits) => {
        const message = parseHl7(text);
        for (const [path, written] of edits) message.set(path, written);
        expect(said(hl7OfXml(xmlOfHl7(message)))).toEqual(said(message.toString()));
      }),
    );
  });
});

const folders = ["hl7v2/cdc-data-exchange-hl7", "hl7v2/cdc-reportstream-datatests", "hl7v2/cdc-reportstream-mapping", "hl7v2/microsoft-fhir-converter"];
if (!isPresent) process.stdout.write("skipped: ../shared/corpora/hl7v2 is absent\n");
describe.skipIf(!isPresent && process.env["CI"] === undefined)("messages of others", () => {
  it.each(folders)("%s go to XML and come back saying the same", (folder) => {
    const odd: string[] = [];
    for (const file of filesIn(folder)) {
      const hl7 = bytesOf(folder, file).toString("latin1");
      if (detectFormat(hl7) !== "hl7v2") continue;
      const message = parseHl7(hl7);
      if (message.messages !== 1 || message.segments.some(({ name }) => !/^[A-Z][A-Z0-9]{2}$/.test(name) || /^[FB][HT]S$/.test(name))) continue;
      const back = said(hl7OfXml(xmlOfHl7(message)));
      const before = said(hl7);
      const at = before.findIndex((each, i) => JSON.stringify(each) !== JSON.stringify(back[i]));
      if (at >= 0 || back.length !== before.length) odd.push(`${file} ${before[at]?.[0]} ${back[at]?.[0]}`);
    }
    expect(odd).toEqual([]);
  });
});
