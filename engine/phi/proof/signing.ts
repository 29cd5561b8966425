import type { LintContext, LintRule, Partner } from "../../config/project.ts";
import type { Diagnostic } from "../../sdk/index.ts";
import { inForce } from "../controlled/audit.ts";
import { algorithmOf, keyOf } from "../controlled/evidence.ts";
import { called } from "./ways-out.ts";

/** 21 CFR 1311.300: what lets a party send prescriptions of controlled substances is on file, in date, and of the version that runs. */
export const signing: LintRule = {
  code: "PHI-132",
  check: ({ partners }, context) => [...partners.values()].flatMap((partner) => of(partner, context)),
};

function of(partner: Partner, { now, fileHash }: LintContext): readonly Diagnostic[] {
  const { signing, place } = partner;
  if (!signing) return [];
  const { audit, key, version } = signing;
  const at = (...path: string[]) => place.at("signing", ...path);
  const told = (level: Diagnostic["level"], where: readonly string[], message: string, help: string): Diagnostic => ({ code: "PHI-132", level, at: at(...where), message, help });
  const publicKey = keyOf(key);
  if (!publicKey || !algorithmOf(publicKey)) return [told("error", ["key"], `the key of ${called(partner)}'s signing application is neither Ed25519 nor P-256`, "write its public key, SubjectPublicKeyInfo in base64")];
  if (!audit.isOfThisVersion) return [told("warning", ["audit", "version"], `${called(partner)} signs with version ${version}, and another was audited: no controlled prescription is taken from it`, "write the audit of this version, or that its signing was not changed by auditing it anew")];
  if (!inForce(audit, now)) return [told("warning", ["audit", "date"], `the audit of ${called(partner)}'s signing application is not of the last two years: no controlled prescription is taken from it`, "have it audited (21 CFR 1311.300), and write the new report")];
  const found = fileHash && /^[^/:\s][^:\n]*\.[A-Za-z0-9]+$/.test(audit.document.ref) ? fileHash(audit.document.ref) : audit.document.sha256;
  return found === undefined || found === audit.document.sha256 ? [] : [told("error", ["audit", "document", "sha256"], `the report of ${called(partner)}'s audit is not the one with this hash`, "compare it with what was received from the auditor")];
}
