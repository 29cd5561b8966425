import { placedElements, textOf } from "../../codec/script/walk.ts";
import { localName } from "../../codec/xml/node.ts";
import type { ScriptMessage } from "../../codec/index.ts";
import type { Found } from "../boundary.ts";
import { Seen } from "./seen.ts";

/**
 * What a prescription says of itself. SCRIPT has no security labels, so its diagnoses alone are read (ICD-10-CM, qualifier ABF or ABK); what it does not
 * say is left to the ceiling of the channel.
 */
export function labelScript({ root }: ScriptMessage): Found {
  const seen = new Seen();
  for (const { element, owner, name } of placedElements(root)) {
    if (owner !== "Diagnosis" || (name !== "Primary" && name !== "Secondary")) continue;
    const of = (wanted: string) => element.children.filter((each) => localName(each.name) === wanted).map(textOf);
    // A qualifier that is missing or unknown hides no diagnosis: its code is read as if it were one.
    if (of("Qualifier").some((qualifier) => isOther.has(qualifier))) continue;
    for (const code of of("Code")) seen.diagnosis(code);
  }
  return seen.found();
}

/** Code systems whose codes are none of ICD: SNOMED CT, MedDRA. */
const isOther: ReadonlySet<string> = new Set(["LD", "SNOMED", "MEDDRA"]);
