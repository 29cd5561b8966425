// A claim as an 837: professional (005010X222A1) or institutional (005010X223A2), one transaction set, whose number is the claim's.

import type { Claim, Line } from "./claim.ts";
import { address, clearinghouse, day, dayOf, interchange, type Meta, minuteOf, money, organisation, person, type Segment, type Tools, us } from "./x12-parties.ts";

export default function claimTo837(claim: Claim, meta: Meta, tools: Tools): string {
  if (!/^[A-Za-z0-9]{4,9}$/.test(claim.claim)) throw new RangeError("a claim's number is 4 to 9 letters and digits");
  const isProfessional = claim.type === "professional";
  if (!isProfessional && claim.type !== "institutional") throw new RangeError("a claim is professional or institutional");
  const segments: Segment[] = [
    ["BHT", "0019", "00", String(meta.number), dayOf(meta.receivedAt), minuteOf(meta.receivedAt), "CH"],
    organisation("41", us.name, "46", us.id),
    ["PER", "IC", us.contact, "TE", us.phone],
    organisation("40", clearinghouse.name, "46", clearinghouse.id),
    ["HL", 1, null, "20", 1],
    organisation("85", claim.billing.name, "XX", claim.billing.npi),
    ...address(claim.billing.address),
    ["REF", "EI", claim.billing.taxId],
    ...insured(claim),
    ...(isProfessional ? professional(claim) : institutional(claim)),
  ];
  const convention = isProfessional ? "005010X222A1" : "005010X223A2";
  return interchange({ id: "837", convention, group: "HC", control: claim.claim, segments }, meta, tools);
}

function insured({ subscriber, patient, payer }: Claim): readonly Segment[] {
  const about = (code: string, who: typeof subscriber | NonNullable<typeof patient>): readonly Segment[] => [
    "member" in who ? person(code, who, "MI", who.member) : person(code, who),
    ...address(who.address),
    ["DMG", "D8", day(who.birthDate), who.sex],
  ];
  return [
    ["HL", 2, 1, "22", patient ? 1 : 0],
    ["SBR", "P", patient ? null : "18", null, null, null, null, null, null, "CI"],
    ...about("IL", subscriber),
    organisation("PR", payer.name, "PI", payer.id),
    ...(patient ? [["HL", 3, 2, "23", 0] as Segment, ["PAT", patient.relationship] as Segment, ...about("QC", patient)] : []),
  ];
}

function professional(claim: Claim): readonly Segment[] {
  return [
    ["CLM", claim.claim, money(total(claim)), null, null, [claim.place, "B", claim.replaces ? "7" : "1"], "Y", "A", "Y", "Y"],
    ...replaced(claim),
    ["HI", ...claim.diagnoses.map((code, i) => [i === 0 ? "ABK" : "ABF", code])],
    person("82", claim.provider, "XX", claim.provider.npi),
    ...claim.lines.flatMap((line, i): Segment[] => [
      ["LX", i + 1],
      ["SV1", procedure(line), money(line.charge), "UN", line.units, null, null, [1]],
      ["DTP", "472", "D8", day(line.date)],
    ]),
  ];
}

function institutional(claim: Claim): readonly Segment[] {
  const [principal = "", ...others] = claim.diagnoses;
  const dates = claim.lines.map(({ date }) => day(date)).sort();
  const { type, source, status } = claim.admission ?? { type: "3", source: "1", status: "01" };
  return [
    ["CLM", claim.claim, money(total(claim)), null, null, [claim.place, "A", claim.replaces ? "7" : "1"], null, "A", "Y", "Y"],
    ["DTP", "434", "RD8", `${dates[0]}-${dates.at(-1)}`],
    ["CL1", type, source, status],
    ...replaced(claim),
    ["HI", ["ABK", principal]],
    ...(others.length > 0 ? [["HI", ...others.map((code) => ["ABF", code])] as Segment] : []),
    person("71", claim.provider, "XX", claim.provider.npi),
    ...claim.lines.flatMap((line, i): Segment[] => [
      ["LX", i + 1],
      ["SV2", line.revenue ?? "", procedure(line), money(line.charge), "UN", line.units],
      ["DTP", "472", "D8", day(line.date)],
    ]),
  ];
}

function replaced({ replaces }: Claim): readonly Segment[] {
  return replaces ? [["REF", "F8", replaces]] : [];
}

function procedure({ code, modifiers = [] }: Line): readonly string[] {
  return ["HC", code, ...modifiers];
}

function total({ lines }: Claim): number {
  return lines.reduce((sum, { charge }) => sum + charge, 0);
}
