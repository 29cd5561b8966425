import { analytics } from "./analytics.ts";
import { billing } from "./billing.ts";
import { ehr } from "./ehr.ts";
import { identity } from "./identity.ts";
import { labs } from "./labs.ts";
import { payments } from "./payments.ts";
import { pharmacy } from "./pharmacy.ts";
import { scheduling } from "./scheduling.ts";
import type { SystemStep } from "./step.ts";

/** One patient's visit, in the order in which it happens. */
export const visit: readonly SystemStep[] = [scheduling, identity, ehr, pharmacy, labs, payments, billing, analytics];

export { hurried } from "./hurried.ts";
