import type { Planted } from "../../../bench/leak/planted.ts";

/** Where a secret stands, and a hundred people who differ in it alone. */
export interface Target {
  readonly path: string;
  secret(i: number): string;
  readonly kind: Planted["kind"];
}

export const targets: Readonly<Record<string, Target>> = {
  "social security number": { path: "PID-19", kind: "ssn", secret: (i) => `${300 + i}-4${i % 10}-${String(7301 + i * 37)}` },
  "family name": { path: "PID-5.1", kind: "name", secret: (i) => `Quartz${"bcdfghjklm".charAt(i % 10)}${"aeiou".charAt(Math.floor(i / 10) % 5)}n${"rstv".charAt(i % 4)}o` },
  "birth date": { path: "PID-7", kind: "birth date", secret: (i) => `19${30 + (i % 60)}0${1 + (i % 9)}${10 + (i % 18)}` },
  "diagnosis": { path: "DG1-3.1", kind: "mrn", secret: (i) => (i % 2 ? "B20" : "Z00.0") },
};

/** The same message for all but one field; `n` tells people apart who share the secret. */
export function messageOf(target: Target, i: number): string {
  const secret = (path: string, otherwise: string) => (path === target.path ? target.secret(i) : otherwise);
  return [
    `MSH|^~\\&|REG|NORTH|HUB|NORTH|20260301120000||ADT^A04|K1|P|2.5.1`,
    `PID|1||90017734^^^NS^MR||${secret("PID-5.1", "Exemplar")}^Olympiada||${secret("PID-7", "19640229")}|F|||4711 Example Street^^Springfield^MA^01101||4135550143|||||ACC5520981|${secret("PID-19", "219-44-7301")}`,
    `DG1|1||${secret("DG1-3.1", "I10")}`,
    `ZTG|${target.path}`,
    "",
  ].join("\r");
}

/** What must not arrive: the secret, and the rest of the person too. */
export function plantedIn(target: Target, i: number): Planted[] {
  const family = target.kind === "name" ? target.secret(i) : "Exemplar";
  const planted: Planted[] = [
    { role: "patient", kind: "name", value: `Olympiada ${family}`, given: "Olympiada", family, middle: "" },
    { role: "patient", kind: "mrn", value: "90017734" }, { role: "patient", kind: "account", value: "ACC5520981" }, { role: "patient", kind: "phone", value: "4135550143" },
    { role: "patient", kind: "birth date", value: target.kind === "birth date" ? target.secret(i) : "19640229" },
    { role: "patient", kind: "ssn", value: target.kind === "ssn" ? target.secret(i) : "219-44-7301" },
    { role: "patient", kind: "street", value: "4711 Example Street" },
  ];
  return planted;
}
