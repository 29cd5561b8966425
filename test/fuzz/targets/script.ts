import { buildScriptAck, parseScript, readScriptAck, scheduleOf } from "../../../engine/codec/script/index.ts";
import { validateScript } from "../../../engine/codec/script/validate.ts";
import { problemsOf } from "../../../engine/codec/validate.ts";
import { EngineError } from "../../../engine/sdk/error.ts";
import { balanced } from "../balanced.ts";
import type { Target } from "../target.ts";

export const target: Target = {
  name: "script",
  seeds: [
    `<?xml version="1.0" encoding="UTF-8"?><Message TransactionDomain="SCRIPT" TransactionVersion="20170715"><Header><To Qualifier="P">0999999</To><From Qualifier="D">77</From><MessageID>A-1</MessageID><SentTime>2026-01-05T08:15:00Z</SentTime></Header><Body><NewRx><Patient><HumanPatient><Name><LastName>Exemplar</LastName><FirstName>Ada</FirstName></Name><Gender>F</Gender><DateOfBirth><Date>1961-04-12</Date></DateOfBirth></HumanPatient></Patient><Prescriber><NonVeterinarian><Identification><NPI>1999999984</NPI></Identification><Name><LastName>Sample</LastName></Name></NonVeterinarian></Prescriber><MedicationPrescribed><DrugDescription>Example</DrugDescription><DrugCoded><DEASchedule><Code>C48675</Code></DEASchedule></DrugCoded><Quantity><Value>30</Value></Quantity></MedicationPrescribed></NewRx></Body></Message>`,
    `<s:Message xmlns:s="http://www.ncpdp.org/schema/SCRIPT" version="2023011"><s:Header><s:MessageID>1</s:MessageID><s:DigitalSignature Version="1.1"><s:DigitalSignatureIndicator>true</s:DigitalSignatureIndicator></s:DigitalSignature></s:Header><s:Body><s:Status><s:Code>010</s:Code></s:Status></s:Body></s:Message>`,
    `<Message version="2017071"><Header><MessageID>2</MessageID></Header><Body Id="b"><Error><Code>900</Code></Error></Body><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:Reference URI="#b"/></ds:SignedInfo></ds:Signature></Message>`,
  ],
  words: ["<Message", "</Message>", "<Body>", "</Body>", "<Header>", "<NewRx>", "</NewRx>", "<Patient>", "<Name>", "<Code>", "C48675", "2017071", "<Reference URI='#", "Id='b'", "<DigitalSignature>", "<SignedInfo/>", "&amp;", "<![CDATA[", "]]>", "<", ">", "/>", '"'],
  run(text) {
    read(balanced(text, "Message", ' version="2017071"'));
    read(text);
  },
};

function read(text: string): void {
  if (readScriptAck(buildScriptAck({ text }, { kind: "Error", code: "900", now: 0, messageId: "F1" }))?.code !== "900") throw new Error("an answer that cannot be read");
  const message = parseScript(text);
  problemsOf(message);
  validateScript(message);
  scheduleOf(message);
  let left = 30;
  for (const { path, start, end } of [...message.leaves()].slice(0, 100)) {
    if (left-- <= 0) break;
    const signed = message.isSignedAt(start, end);
    const whole = message.signedTexts;
    try {
      message.set(path, "changed & <x>");
      if (signed) throw new Error("signed content was changed");
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
    if (whole.some((each) => !message.toString().includes(each))) throw new Error("signed content is gone");
  }
  parseScript(message.toString());
}
