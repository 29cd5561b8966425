import type { Diagnostic } from "../../sdk/index.ts";
import type { LintRule } from "../../config/project.ts";
import { channelOf } from "../../config/self.ts";
import { called, coversButCompartments, lacksDeclassifier, waysOut, type WayOut } from "./ways-out.ts";

/** L03: what would be sent stays within what the partner is cleared for, unless a step of the engine lowers it on the way. */
export const clearance: LintRule = {
  code: "PHI-103",
  check: (project) => waysOut(project).flatMap((way) => judge(way) ?? []),
};

function judge(way: WayOut): Diagnostic | undefined {
  const { channel, destination, partner, need, covering } = way;
  const at = (key: string) => channel.place.at("destinations", destination.name, key);
  const { name } = destination;
  const diagnostic = (key: string, message: string, help: string): Diagnostic => ({ code: "PHI-103", level: "error", at: at(key), message, help });
  if (lacksDeclassifier(way)) {
    // `sends: none` without its list is the business of L04.
    if (destination.sends === "none") return undefined;
    return diagnostic(
      "sends",
      `destination "${name}" sends ${destination.sends} from a channel that carries ${need.level}, and this version has no step that makes it so`,
      `either set "sends: none" with a closed list under "only:",\nor send ${need.level} to a partner whose agreement covers it`,
    );
  }
  if (need.level === "none" || covering.length > 0) return undefined;
  // Compartments alone are the business of L15.
  if (need.compartments.length > 0 && coversButCompartments(way)) return undefined;
  if (way.missing === "purpose") {
    return destination.purpose === undefined
      ? diagnostic("partner", `destination "${name}" sends ${need.level} to ${called(partner)} and states no purpose`, `write the purpose its agreement covers, for example "purpose: ${purposesOf(way)[0] ?? "TREAT"}"`)
      : diagnostic("purpose", `no agreement with ${called(partner)} covers ${need.level} for the purpose ${destination.purpose}`, purposeHelp(way));
  }
  if (channelOf(partner.name) !== undefined) {
    return diagnostic(
      "partner",
      `destination "${name}" would hand ${need.level} to ${called(partner)}, which is classified below it`,
      "either classify that channel as high as what it takes,\nor set \"sends: none\" with a closed list under \"only:\"",
    );
  }
  return diagnostic(
    "partner",
    `destination "${name}" would send ${need.level} to ${called(partner)}, which has no ${wanted(partner.kind)}`,
    `either set "sends: none" with a closed list under "only:",\nor register ${article(partner.kind)} for "${partner.name}" in partners.yaml`,
  );
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
