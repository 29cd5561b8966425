import manifest from "../../../schemas/policy.json" with { type: "json" };
import type { Policy } from "./policy.ts";

/** The policy data that this engine was released with; `npm run policies` writes the list. */
export const policies: readonly Policy[] = manifest.policies;
