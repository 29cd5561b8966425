import type { ScriptMessage } from "../../codec/script/index.ts";
import type { Code } from "../../sdk/index.ts";
import type { Controlled } from "./schedule.ts";

/** What every controlled prescription states (21 CFR 1306.05(a)), by where SCRIPT has it below the prescription. `MED` is the drug's own element. */
const required: readonly (readonly string[])[] = [
  ["MED/WrittenDate/Date", "MED/WrittenDate/DateTime", "MED/WrittenDate"],
  ["Patient/HumanPatient/Name/LastName", "Patient/NonHumanPatient/Name/LastName"],
  ["Patient/HumanPatient/Address/AddressLine1", "Patient/NonHumanPatient/Address/AddressLine1"],
  ["MED/DrugDescription"],
  ["MED/Quantity/Value"],
  ["MED/Sig/SigText", "MED/Directions"],
  ["Prescriber/NonVeterinarian/Name/LastName", "Prescriber/Veterinarian/Name/LastName"],
  ["Prescriber/NonVeterinarian/Address/AddressLine1", "Prescriber/Veterinarian/Address/AddressLine1"],
  ["Prescriber/NonVeterinarian/Identification/DEANumber", "Prescriber/Veterinarian/Identification/DEANumber"],
];

/** What a prescription of this schedule lacks or asks too much of; nothing is ever filled in for it (phi.md 6.2, E4 and E5). */
export function incompleteness(message: ScriptMessage, { path, schedule }: Controlled): { readonly code: Code; readonly where?: string } | undefined {
  const body = `/Message/Body/${message.type}`;
  const placed = (each: string) => (each.startsWith("MED/") ? `${path}/${each.slice(4)}` : `${body}/${each}`);
  const valueAt = (ways: readonly string[]) => ways.map((way) => message.get(placed(way)).trim()).find((value) => value !== "");
  const missing = required.find((ways) => valueAt(ways) === undefined);
  if (missing) return { code: "EPC-208", where: placed(missing[0] ?? "") };
  const dea = valueAt(required.at(-1) ?? []) ?? "";
  if (!isDeaNumber(dea)) return { code: "EPC-210" };
  const refills = message.get(`${path}/NumberOfRefills`).trim() || "0";
  // 21 CFR 1306.12(a), 1306.22(a): none of Schedule II, five of III and IV. Of V the rule sets no number; what is unknown is held to the strictest.
  const most = schedule === "II" || schedule === "unknown" ? 0 : schedule === "V" ? 99 : 5;
  return /^\d{1,2}$/.test(refills) && Number(refills) <= most ? undefined : { code: "EPC-209", where: `${path}/NumberOfRefills` };
}

/**
 * The form of a DEA registration number: two letters (or a letter and 9), seven digits of which the last follows from the others, and for those who prescribe under a
 * hospital's number its suffix (21 CFR 1301.22(c)). That such a registration exists is not shown by it.
 */
export function isDeaNumber(value: string): boolean {
  const [, digits] = /^[A-Za-z][A-Za-z9](\d{7})(?:-[\w-]{1,20})?$/.exec(value) ?? [];
  if (digits === undefined) return false;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, check = 0] = [...digits].map(Number);
  return (a + c + e + 2 * (b + d + f)) % 10 === check;
}
