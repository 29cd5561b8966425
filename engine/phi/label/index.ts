import { Hl7Message, IcalMessage, JsonTree, ScriptMessage, type Tree, X12Message, XmlMessage } from "../../codec/index.ts";
import type { Found } from "../boundary.ts";
import { labelFhir } from "./fhir.ts";
import { labelHl7 } from "./hl7v2.ts";
import { labelIcal } from "./ical.ts";
import { labelScript } from "./script.ts";
import { labelX12 } from "./x12.ts";
import { labelXml } from "./xml.ts";

const nothing: Found = { compartments: [], obligations: [], unknown: false };

/** What a message says of itself. Formats without security labels say nothing: their channel's ceiling stands. */
export function labelOf(raw: Tree): Found {
  if (raw instanceof Hl7Message) return labelHl7(raw);
  if (raw instanceof JsonTree) return labelFhir(raw);
  if (raw instanceof IcalMessage) return labelIcal(raw);
  if (raw instanceof ScriptMessage) return labelScript(raw);
  if (raw instanceof X12Message) return labelX12(raw);
  if (raw instanceof XmlMessage) return labelXml(raw);
  return nothing;
}
