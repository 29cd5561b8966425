// A FHIR R4 Claim with its resources contained, as a claim of ours and so as an 837.

import claimTo837 from "./claim-to-837.ts";
import type { Claim } from "./claim.ts";
import { type Address, cents, type Meta, type Person, type Tools } from "./x12-parties.ts";

type Read = Record<string, any>;

const sexes: Record<string, "F" | "M" | "U"> = { female: "F", male: "M" };
const relationships: Record<string, string> = { spouse: "01", child: "19", other: "G8" };

export default function fhirClaimTo837(claim: Read, meta: Meta, tools: Tools): string {
  const coverage = of(claim, claim["insurance"]?.find((each: Read) => each["focal"])?.["coverage"]);
  const patient = of(claim, claim["patient"]);
  const subscriber = coverage["subscriber"] ? of(claim, coverage["subscriber"]) : patient;
  const billing = of(claim, claim["provider"]);
  const provider = of(claim, claim["careTeam"]?.[0]?.["provider"]);
  const payer = of(claim, claim["insurer"]);
  const isOther = subscriber !== patient;
  const ours: Claim = {
    claim: claim["identifier"]?.[0]?.["value"] ?? "",
    type: claim["type"]?.["coding"]?.[0]?.["code"] === "institutional" ? "institutional" : "professional",
    payer: { id: idOf(payer), name: payer["name"] },
    billing: { name: billing["name"], npi: idOf(billing, "us-npi"), taxId: idOf(billing, "2.16.840.1.113883.4.4"), address: addressOf(billing) },
    provider: { ...nameOf(provider), npi: idOf(provider, "us-npi") },
    subscriber: { member: coverage["subscriberId"] ?? "", ...whoIs(subscriber) },
    ...(isOther && { patient: { relationship: relationships[coverage["relationship"]?.["coding"]?.[0]?.["code"]] ?? "G8", ...whoIs(patient) } }),
    diagnoses: claim["diagnosis"].toSorted((a: Read, b: Read) => a["sequence"] - b["sequence"]).map((each: Read) => each["diagnosisCodeableConcept"]["coding"][0]["code"].replace(".", "")),
    place: claim["item"][0]["locationCodeableConcept"]?.["coding"]?.[0]?.["code"] ?? "",
    lines: claim["item"].map((item: Read) => ({
      code: item["productOrService"]["coding"][0]["code"],
      modifiers: (item["modifier"] ?? []).map((each: Read) => each["coding"][0]["code"]),
      revenue: item["revenue"]?.["coding"]?.[0]?.["code"] ?? "",
      charge: cents(String(item["net"]["value"])),
      units: Number(item["quantity"]?.["value"] ?? 1),
      date: item["servicedDate"],
    })),
  };
  return claimTo837(ours, meta, tools);
}

/** A contained resource. Another reference would be a question to somebody else. */
function of(claim: Read, reference: Read | undefined): Read {
  const id = /^#(.+)$/.exec(reference?.["reference"] ?? "")?.[1];
  const found = (claim["contained"] ?? []).find((each: Read) => each["id"] === id);
  if (id === undefined || !found) throw new RangeError("what a claim refers to is contained in it");
  return found;
}

function idOf(resource: Read, system = ""): string {
  return (resource["identifier"] ?? []).find((each: Read) => String(each["system"] ?? "").endsWith(system))?.["value"] ?? "";
}

function nameOf(resource: Read): Person {
  const [name] = resource["name"];
  return { last: name["family"], first: name["given"][0] };
}

function addressOf(resource: Read): Address {
  const [address] = resource["address"];
  return { line: address["line"][0], city: address["city"], state: address["state"], zip: address["postalCode"] };
}

function whoIs(patient: Read): Person & { birthDate: string; sex: "F" | "M" | "U"; address: Address } {
  return { ...nameOf(patient), birthDate: patient["birthDate"], sex: sexes[patient["gender"]] ?? "U", address: addressOf(patient) };
}
