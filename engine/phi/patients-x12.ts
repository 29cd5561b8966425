import { type Tree, X12Message } from "../codec/index.ts";
import { elementOf } from "../codec/x12/element.ts";
import { idOf } from "../codec/x12/segments.ts";

/** NM101: insured or subscriber, patient, dependent. */
const people: ReadonlySet<string> = new Set(["IL", "QC", "03", "74"]);
/** REF01 beside a person: medical record, member, subscriber, Medicaid, account and patient numbers. */
const numbers: ReadonlySet<string> = new Set(["0F", "1W", "23", "3H", "EA", "EJ", "NQ", "Y4"]);
const mostIds = 20;

/**
 * Patients of an interchange by what names them: NM109 of subscribers, patients and dependents, their numbers in REF, and the numbers of their claims
 * (CLM01 of the 837, CLP01 of the 835). A dependent without an id of his own is known by the claim.
 */
export function patientsInX12(tree: Tree): string[][] {
  if (!(tree instanceof X12Message)) return [];
  const found: string[][] = [];
  let ids: string[] = [];
  let isNamed = false;
  let claim = "";
  const add = (id: string) => {
    if (id !== "" && ids.length < mostIds && !ids.includes(id)) ids.push(id);
  };
  for (const line of tree.body.lines) {
    const id = idOf(line);
    const first = elementOf(line, 1);
    if (scopes.has(id)) {
      found.push((ids = []));
      isNamed = false;
      claim = id === "CLP" ? first : "";
    } else if (id === "NM1" && people.has(first)) {
      // The patient and the insured of one claim are two; who is corrected (74) is who was named before.
      if (isNamed && first !== "74") found.push((ids = []));
      isNamed = true;
      add(elementOf(line, 9));
      if (first === "QC") add(claim);
    } else if (id === "CLM") add(first);
    else if (id === "REF" && numbers.has(first)) add(elementOf(line, 2));
  }
  return found;
}

/** What begins with somebody else. */
const scopes: ReadonlySet<string> = new Set(["ST", "HL", "INS", "CLP"]);
