export { parseXml, XmlElement, XmlMessage } from "./message.ts";
export type { XmlLimits } from "./reader.ts";
