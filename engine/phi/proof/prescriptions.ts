import type { LintRule } from "../../config/project.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { called, type WayOut, waysOut } from "./ways-out.ts";

/** Transactions of SCRIPT that hold a prescription, and so may hold a signed one for a controlled substance. */
const prescribing = ["NewRx", "RxRenewalResponse", "RxChangeResponse", "RxTransferResponse", "RxTransferConfirm", "Resupply", "Recertification"];

/**
 * L20: a prescription for a controlled substance that is altered in transmission is void, and it goes to a pharmacy as it was signed or not at all (21 CFR 1306.08(d), 1311.170). The
 * engine cannot know before a message comes whether it is one, so every way of a prescription to a pharmacy is held to that: SCRIPT, whole. Code may route it; an edit
 * inside what is signed is refused when it happens (`SCR-102`, `FLW-210`), which a warning tells beforehand.
 */
export const prescriptions: LintRule = {
  code: "PHI-120",
  check: (project, { now }) => waysOut(project, now).flatMap((way) => (holdsPrescriptions(way) && sendsPeople(way) ? found(way) : [])),
};

function holdsPrescriptions({ channel: { source } }: WayOut): boolean {
  return source.format === "script" && (source.types.length === 0 || source.types.some((type) => type === "*" || prescribing.includes(type)));
}

function sendsPeople({ destination }: WayOut): boolean {
  return destination.sends === "phi" || destination.sends === "limited";
}

function found({ channel, destination, partner }: WayOut): Diagnostic[] {
  const told = (level: "error" | "warning", key: string, message: string, help: string): Diagnostic[] => [{ code: "PHI-120", level, at: channel.place.at("destinations", destination.name, key), message, help }];
  if (partner.kind === "sms") return told("error", "partner", `prescriptions would reach ${called(partner)} through destination "${destination.name}" as a text message`, "send them to a pharmacy, in SCRIPT");
  if (partner.kind !== "pharmacy-network") return [];
  if (destination.deidentify) return told("error", "deidentify", `destination "${destination.name}" would send ${called(partner)} prescriptions with parts removed`, "send them whole; what is de-identified goes to another party");
  if (destination.format !== "script") return told("error", "format", `destination "${destination.name}" would send ${called(partner)} prescriptions as ${destination.format}`, "send them as they came: format: script, without a transform to another format");
  if (destination.transform === undefined) return [];
  return told("warning", "transform", `code stands between a signed prescription and ${called(partner)}: an edit of what is signed ends the entry when it happens (FLW-210)`, `edit the header alone, or leave prescriptions (${prescribing.slice(0, 2).join(", ")}, …) to a channel without a transform`);
}
