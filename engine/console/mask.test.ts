import { expect, test } from "vitest";
import type { Format } from "../sdk/index.ts";
import { masked } from "./mask.ts";

const names = ["name", "a", "b", "pi"];
const of = (format: Format, text: string) => masked({ format, bytes: new TextEncoder().encode(text) }, (name) => names.includes(name));

test("values of HL7 v2 are hidden, what kind of message it is stays", () => {
  const text = "MSH|^~\\&|A|B|||20260101||ADT^A04|C7730021X|P|2.5\rPID|1||90017734||Rivera^Jane";
  expect(of("hl7v2", text)).toBe("MSH|^~\\&|***|***|||***||ADT^A04|***|***|2.5\rPID|***||***||***^***");
});

test("values of JSON are hidden, and keys that are not known", () => {
  const text = '{ "90017734": {}, "Jane Rivera": [1, null, "x"], "a\\"b": {"name": "Rivera", "first-name": true}, "JaneDoe": {"MRN778812": 1} }';
  expect(of("json", text)).toBe('{ "***": {}, "***": [***, ***, "***"], "***": {"name": "***", "***": ***}, "***": {"***": ***} }');
  const fhir = { format: "fhir" as const, bytes: new TextEncoder().encode('{"resourceType":"Patient","id":"p1","_birthDate":{},"JaneDoe":1,"MRN778812":2}') };
  expect(masked(fhir)).toBe('{"resourceType":"Patient","id":"***","_birthDate":{},"***":***,"***":***}');
});

test("delimited text and XML keep their structure alone: no header, comment or instruction", () => {
  expect(of("csv", 'Rivera;Jane\r\n1;"a;b"\r\n')).toBe('***;***\r\n***;"***"\r\n');
  expect(of("xml", '<?xml version="1.0"?><!-- Jane --><a b="Rivera"><?pi Jane?>x<![CDATA[y]]></a>')).toBe('<?xml version="1.0"?><!--***--><a b="***"><?***?>***</a>');
  expect(of("xml", '<a xmlns:b="urn:x"><b:a MRN778812="1" b="">x</b:a><JaneDoe/></a>')).toBe('<a xmlns:b="***"><b:a ***="***" b="">***</b:a><***/></a>');
});

test("of a calendar names of the standards stay, and nothing that somebody wrote", () => {
  const text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=de:Visit of\r\n  Jane\r\nATTENDEE;CN=\"Rivera, Jane\";PARTSTAT=ACCEPTED;X-JANE=1:mailto:jane@example.org\r\nX-MRN-778812:1\r\nRivera was here\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
  const shown = masked({ format: "ical", bytes: new TextEncoder().encode(text) });
  expect(shown).toBe("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=***:***\r\nATTENDEE;CN=\"***\";PARTSTAT=ACCEPTED;***=***:***\r\n***:***\r\n***\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
});

test("what cannot be read gives its size alone", () => {
  expect(of("json", '{"Rivera')).toBe("[json, 8 bytes]");
  expect(of("text", "Rivera")).toBe("[text, 6 bytes]");
});

test("SCRIPT shows the names that its tables have, and those of a sender's own are veiled like values", () => {
  const text = '<?xml version="1.0"?><Message version="2017071"><Header><MessageID>A1</MessageID></Header><Body><NewRx><Patient><Rivera>Jane</Rivera></Patient></NewRx></Body></Message>';
  const content = { format: "script" as const, bytes: new TextEncoder().encode(text) };
  expect(masked(content)).toBe('<?xml version="1.0"?><Message ***="***"><Header><MessageID>***</MessageID></Header><Body><NewRx><Patient><***>***</***></Patient></NewRx></Body></Message>');
});
