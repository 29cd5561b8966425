import type { LintRule } from "../../config/project.ts";
import { afterDeidentify } from "./after-deidentify.ts";
import { bounded } from "./bounded.ts";
import { breakGlassKinds } from "./break-glass-kinds.ts";
import { clearance } from "./clearance.ts";
import { closedList } from "./closed-list.ts";
import { compartmentGrants } from "./compartment-grants.ts";
import { declared } from "./declared.ts";
import { deidentifySettings } from "./deidentify-settings.ts";
import { determination } from "./determination.ts";
import { documents } from "./documents.ts";
import { fanIn } from "./fan-in.ts";
import { inForce } from "./in-force.ts";
import { linkDecision } from "./link-decision.ts";
import { mayDeidentify } from "./may-deidentify.ts";
import { partyProfile } from "./party-profile.ts";
import { pinned } from "./pinned.ts";
import { policyData } from "./policy-data.ts";
import { prescriptions } from "./prescriptions.ts";
import { reportFields } from "./report-fields.ts";
import { reply } from "./reply.ts";
import { room } from "./room.ts";
import { selfPay } from "./self-pay.ts";
import { sharedTables } from "./shared-tables.ts";
import { signing } from "./signing.ts";
import { sinks } from "./sinks.ts";
import { urlIds } from "./url-ids.ts";
import { staticAddress } from "./static-address.ts";

/** The static proof of the boundary, in the order of phi.md 1.8: run by `sluice lint` beside the rules of `config/lint`. L02 is `labels.ts`, which the others ask. */
export const proofRules: readonly LintRule[] = [
  declared, clearance, closedList, bounded, room, staticAddress, pinned, inForce, documents, sharedTables, afterDeidentify, mayDeidentify, determination, fanIn,
  compartmentGrants, selfPay, sinks, reply, breakGlassKinds, prescriptions, policyData, linkDecision, deidentifySettings, reportFields, urlIds, partyProfile, signing,
];
