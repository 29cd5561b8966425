import { parseXml } from "../../../engine/codec/index.ts";
import { balanced } from "../balanced.ts";
import type { Target } from "../target.ts";

export const target: Target = {
  name: "xml",
  seeds: [
    `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a > b --><h:order xmlns:h="urn:x" kind='a "b" &lt;c&gt;'>\r\n<h:id root="1.2" extension = "A&#10;B"/><id>7</id><id></id><note>one<!-- c -->two<![CDATA[ <x> ]]></note><?pi x?><empty/></h:order>`,
    `<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id extension="900123" root="1.2.3"/><patient><name><given>Ada</given><family>Exemplar</family></name></patient></patientRole></recordTarget></ClinicalDocument>`,
  ],
  words: ["<", ">", "</", "/>", "&", ";", "&amp;", "&#x41;", "&#0;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<!DOCTYPE a [<!ENTITY b 'x'>]>", "&b;", "xmlns:a='b'", '"', "'", "=", "\u0000", "\uFEFF", "<a>", "</a>", "\r\n"],
  run(text) {
    read(balanced(text, "r"));
    read(text);
  },
};

function read(text: string): void {
  const message = parseXml(text);
  let left = 50;
  for (const { path } of message.leaves()) if (left-- > 0) message.values(path);
  const [first] = message.leaves();
  if (first !== undefined) message.set(first.path, `a&<"'\r\n]]>`);
  const again = parseXml(message.toString());
  if (first !== undefined && !again.values(first.path).includes(`a&<"'\r\n]]>`)) throw new Error("an edit was lost");
}
