import type { LintRule } from "../../config/project.ts";
import { bounded } from "./bounded.ts";
import { clearance } from "./clearance.ts";
import { closedList } from "./closed-list.ts";
import { compartmentGrants } from "./compartment-grants.ts";
import { inForce } from "./in-force.ts";
import { linkDecision } from "./link-decision.ts";
import { reply } from "./reply.ts";
import { room } from "./room.ts";
import { selfPay } from "./self-pay.ts";
import { staticAddress } from "./static-address.ts";

/** The static proof of the boundary: run by `sluice lint` beside the rules of `config/lint`. */
export const proofRules: readonly LintRule[] = [
  clearance, closedList, bounded, room, staticAddress, inForce, compartmentGrants, selfPay, linkDecision, reply,
];
