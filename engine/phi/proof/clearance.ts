import type { Diagnostic } from "../../sdk/index.ts";
import type { LintRule } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import type { Refusal } from "../boundary.ts";
import { levelOf } from "./deidentified.ts";
import { ruleOf } from "./rule-of.ts";
import { called, otherwise, refusalOf, waysOut, type WayOut } from "./ways-out.ts";

/** L03: what would be sent stays within what the partner is cleared for, unless a step of the engine lowers it on the way. */
export const clearance: LintRule = {
  code: "PHI-103",
  check: (project, { now }) =>
    waysOut(project, now).flatMap((way) => (ruleOf(way, now) === "PHI-103" ? [judge(way, withoutLink(way, now))] : [])),
};

/** A link that carries no patient data counts after the agreement that is missing. */
function withoutLink(way: WayOut, now: number): Refusal {
  const refusal = refusalOf(way) ?? { code: "PHI-202", rule: "agreement" };
  const { outbound } = way.partner.links;
  if (refusal.rule !== "link" || !outbound) return refusal;
  return otherwise(way, now, { partner: { links: { outbound: { ...outbound, phi: "allowed" } } } }) ?? refusal;
}

function judge(way: WayOut, { rule, where }: Refusal): Diagnostic {
  const { channel, destination, partner, label } = way;
  const { name, purpose } = destination;
  const party = called(partner);
  const diagnostic = (key: string, message: string, help: string): Diagnostic => ({ code: "PHI-103", level: "error", at: channel.place.at("destinations", name, key), message, help });
  if (rule === "sends") return higher(way, diagnostic);
  if (channelOf(partner.name) !== undefined) return handedOver(way, rule, where, diagnostic);
  if (rule === "obligation") {
    return diagnostic("partner", `the sender of "${channel.name}" obliges whoever sends its data on to ${where}, and destination "${name}" cannot do that`, obligationHelp(where));
  }
  const allowed = label.purposes;
  if (allowed && !(purpose !== undefined && allowed.includes(purpose))) {
    return purpose === undefined
      ? diagnostic("partner", `destination "${name}" sends ${label.level} to ${party} and states no purpose`, `write the purpose, one of ${allowed.join(", ")}, for example "purpose: ${allowed[0] ?? "TREAT"}"`)
      : diagnostic("purpose", `what channel "${channel.name}" carries may not be used for ${purpose}`, `it may be used for ${allowed.join(", ") || "nothing"}: state one of these,\nor let whoever answers for the sender widen "purposes:" under its ceiling in partners.yaml`);
  }
  if (rule === "purpose") {
    return purpose === undefined
      ? diagnostic("partner", `destination "${name}" sends ${label.level} to ${party} and states no purpose`, `write the purpose its agreement covers, for example "purpose: ${purposesOf(way)[0] ?? "TREAT"}"`)
      : diagnostic("purpose", `no agreement with ${party} covers ${label.level} for the purpose ${purpose}`, purposeHelp(way));
  }
  if (rule === "owner") {
    const owners = label.owners.join(" and ");
    return label.owners.length > 1
      ? diagnostic("partner", `destination "${name}" would bring the data of ${owners} together at ${party}, and no agreement lets it`, `register an agreement signed by each of them, with "mayAggregateOwners: true" where one covers several`)
      : diagnostic("partner", `destination "${name}" would send data of ${owners} to ${party}, which has no agreement with ${owners}`, `register that agreement, or name ${owners} under "owners:" of the one that it signed too`);
  }
  if (rule === "method") {
    return diagnostic("partner", `destination "${name}" would send data to ${party} that was de-identified in a way its agreements do not name`, "what an expert determined goes under that determination alone,\nand what came de-identified needs an agreement of level limited or phi");
  }
  return diagnostic(
    "partner",
    `destination "${name}" would send ${label.level} to ${party}, which has no ${wanted(partner.kind)}`,
    `either set "sends: none" with a closed list under "only:",\nor register ${article(partner.kind)} for "${partner.name}" in partners.yaml`,
  );
}

type Say = (key: string, message: string, help: string) => Diagnostic;

/** Declared below what it would send, with no step of the engine that makes it so. */
function higher({ destination, label }: WayOut, diagnostic: Say): Diagnostic {
  const { name, sends, deidentify } = destination;
  if (deidentify) return diagnostic("sends", `destination "${name}" sends ${sends}, and deidentify: ${deidentify.method} makes ${levelOf(deidentify)} of it`, `write "sends: ${levelOf(deidentify)}", or choose a method that makes it ${sends}: safe-harbor`);
  const method = sends === "limited" ? "limited-data-set" : "safe-harbor";
  return diagnostic(
    "sends",
    `destination "${name}" sends ${sends} from a channel that carries ${label.level}, and no step of the engine makes it so`,
    sends === "none"
      ? 'write a closed list under "only:"'
      : `write "deidentify: ${method}" at this destination,\nor set "sends: none" with a closed list under "only:",\nor send ${label.level} to a partner whose agreement covers it`,
  );
}

function handedOver({ destination, partner, label }: WayOut, rule: string, where: string | undefined, diagnostic: Say): Diagnostic {
  const to = called(partner);
  const lacks = rule === "obligation" ? `is not bound to ${where}` : rule === "purpose" ? "may use it for more than it may be used for" : rule === "owner" ? `takes no data of ${label.owners.join(" and ")}` : "is classified below it";
  return diagnostic(
    "partner",
    `destination "${destination.name}" would hand ${label.level} to ${to}, which ${lacks}`,
    "either classify that channel as high as what it takes,\nor set \"sends: none\" with a closed list under \"only:\"",
  );
}

function obligationHelp(obligation: string | undefined): string {
  if (obligation === "encryption") return "send it to an endpoint of https:// or mllps://";
  return 'send it as hl7v2 or fhir without a closed list, where the engine has a place for the notice,\nor set "sends: none" with a closed list under "only:"';
}

/** Providers and public bodies need no business associate agreement: the words name what would do. */
function wanted(kind: string): string {
  if (kind === "provider" || kind === "lab" || kind === "pharmacy-network" || kind === "public-health" || kind === "health-plan") return "agreement that covers it";
  return "BAA";
}

function article(kind: string): string {
  return wanted(kind) === "BAA" ? "a signed BAA" : "the agreement that covers it (basis treatment, payment, public-health or baa)";
}

function purposesOf({ partner }: WayOut): string[] {
  return [...new Set(partner.agreements.flatMap((a) => a.purposes))];
}

function purposeHelp(way: WayOut): string {
  const purposes = purposesOf(way);
  return purposes.length > 0
    ? `its agreements name ${purposes.join(", ")}; a basis may allow fewer (treatment: TREAT, payment: HPAYMT, public-health: PUBHLTH)`
    : `its agreements name no purpose; write it under "purposes:" in partners.yaml`;
}
