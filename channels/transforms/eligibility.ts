// Whether somebody is insured: the question as a 270 (005010X279A1).

import type { Insured } from "./claim.ts";
import { day, dayOf, interchange, type Meta, minuteOf, organisation, person, type Segment, type Tools } from "./x12-parties.ts";

interface Question {
  readonly payer: { readonly id: string; readonly name: string };
  readonly provider: { readonly name: string; readonly npi: string };
  readonly subscriber: Omit<Insured, "address" | "sex">;
  readonly date: string;
  /** Service types (EQ01); default 30, health benefit plan coverage. */
  readonly services?: readonly string[];
}

export default function eligibilityTo270({ payer, provider, subscriber, date, services = ["30"] }: Question, meta: Meta, tools: Tools): string {
  const segments: Segment[] = [
    ["BHT", "0022", "13", String(meta.number), dayOf(meta.receivedAt), minuteOf(meta.receivedAt)],
    ["HL", 1, null, "20", 1],
    organisation("PR", payer.name, "PI", payer.id),
    ["HL", 2, 1, "21", 1],
    organisation("1P", provider.name, "XX", provider.npi),
    ["HL", 3, 2, "22", 0],
    ["TRN", "1", String(meta.number), "9VISITS001"],
    person("IL", subscriber, "MI", subscriber.member),
    ["DMG", "D8", day(subscriber.birthDate)],
    ["DTP", "291", "D8", day(date)],
    ...services.map((service): Segment => ["EQ", service]),
  ];
  return interchange({ id: "270", convention: "005010X279A1", group: "HS", control: String(meta.number).padStart(4, "0"), segments }, meta, tools);
}
