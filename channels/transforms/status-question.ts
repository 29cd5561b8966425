// What became of a claim: the question as a 276 (005010X212). The trace number (TRN02) is the claim's, and comes back in the 277.

import type { Claim } from "./claim.ts";
import { day, dayOf, interchange, type Meta, minuteOf, money, organisation, person, type Segment, type Tools, us } from "./x12-parties.ts";

interface Question extends Pick<Claim, "claim" | "payer" | "billing" | "subscriber"> {
  /** Cents. */
  readonly charge: number;
  readonly date: string;
}

export default function statusTo276({ claim, payer, billing, subscriber, charge, date }: Question, meta: Meta, tools: Tools): string {
  const segments: Segment[] = [
    ["BHT", "0010", "13", String(meta.number), dayOf(meta.receivedAt), minuteOf(meta.receivedAt)],
    ["HL", 1, null, "20", 1],
    organisation("PR", payer.name, "PI", payer.id),
    ["HL", 2, 1, "21", 1],
    organisation("41", us.name, "46", us.id),
    ["HL", 3, 2, "19", 1],
    organisation("1P", billing.name, "XX", billing.npi),
    ["HL", 4, 3, "22", 0],
    ["DMG", "D8", day(subscriber.birthDate), subscriber.sex],
    person("IL", subscriber, "MI", subscriber.member),
    ["TRN", "1", claim],
    ["REF", "EJ", claim],
    ["AMT", "T3", money(charge)],
    ["DTP", "472", "D8", day(date)],
  ];
  return interchange({ id: "276", convention: "005010X212", group: "HR", control: String(meta.number).padStart(4, "0"), segments }, meta, tools);
}
