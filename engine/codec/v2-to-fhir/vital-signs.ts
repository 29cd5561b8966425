import type { Node } from "./draft.ts";

/** LOINC codes that FHIR itself holds to the vital signs profiles (R4, Vital Signs Profile: the table of codes). */
const codes = new Set(["85353-1", "9279-1", "8867-4", "2708-6", "8310-5", "8302-2", "9843-4", "29463-7", "39156-5", "85354-9"]);

/** Units of the value set ucum-vitals-common, and how messages write them. */
const units: Readonly<Record<string, string>> = {
  "%": "%", "cm": "cm", "[in_i]": "[in_i]", "in": "[in_i]", "kg": "kg", "g": "g", "[lb_av]": "[lb_av]", "lb": "[lb_av]", "lbs": "[lb_av]", "cel": "Cel", "degc": "Cel", "°c": "Cel", "[degf]": "[degF]",
  "degf": "[degF]", "°f": "[degF]", "mm[hg]": "mm[Hg]", "mmhg": "mm[Hg]", "mm hg": "mm[Hg]", "/min": "/min", "beats/min": "/min", "bpm": "/min", "{beats}/min": "/min", "breaths/min": "/min",
  "{breaths}/min": "/min", "kg/m2": "kg/m2", "kg/m^2": "kg/m2", "m2": "m2",
};

/** Whether a code of UCUM is that of a unit as messages write it. */
export function isUnitSpelling(written: string, code: string): boolean {
  return units[written.trim().toLowerCase()] === code;
}

/** Gives a vital sign the category and the UCUM units that its profile asks for; the unit as the message writes it stays in `unit`. */
export function inVitalSigns(node: Node): void {
  const coding = ((node["code"] as Node | undefined)?.["coding"] ?? []) as readonly Node[];
  if (!coding.some(({ system, code }) => system === "http://loinc.org" && codes.has(String(code)))) return;
  const system = "http://terminology.hl7.org/CodeSystem/observation-category";
  const categories = (node["category"] ??= []) as Node[];
  const has = categories.some((each) => ((each["coding"] ?? []) as readonly Node[]).some((one) => one["system"] === system && one["code"] === "vital-signs"));
  if (!has) categories.push({ coding: [{ system, code: "vital-signs" }] });
  for (const each of [node, ...((node["component"] ?? []) as readonly Node[])]) toUcum(each["valueQuantity"] as Node | undefined);
}

function toUcum(quantity: Node | undefined): void {
  if (quantity === undefined) return;
  const written = quantity["code"] ?? quantity["unit"];
  const known = units[String(written).trim().toLowerCase()];
  if (known === undefined) return;
  quantity["unit"] ??= written;
  quantity["system"] = "http://unitsofmeasure.org";
  quantity["code"] = known;
}
