import codeSystems from "../../../schemas/deidentify/code-systems.json" with { type: "json" };
import observationCodes from "../../../schemas/deidentify/observation-codes.json" with { type: "json" };
import zip3 from "../../../schemas/deidentify/zip3.json" with { type: "json" };
import type { DeidentifySpec } from "../../config/project.ts";
import type { Format } from "../../sdk/index.ts";
import { fhir } from "./fhir/index.ts";
import type { FormatPolicy } from "./format.ts";
import { hl7v2 } from "./hl7v2/index.ts";
import { x12 } from "./x12/index.ts";
import { ical } from "./ical/index.ts";
import { places } from "./places.ts";
import { script } from "./script/index.ts";
import { checkedPolicy, type Policy, policyName } from "./policy.ts";

/** Formats that can be de-identified. What has no policy is refused (PHI-230): of a column or an element nobody has read, nobody knows what it holds. */
const formats: Readonly<Partial<Record<Format, FormatPolicy>>> = { hl7v2, fhir, script, x12, ical };

/** Files that every format uses. */
export const sharedPolicies: readonly Policy[] = [checkedPolicy(codeSystems, "codes"), checkedPolicy(observationCodes, "codes"), checkedPolicy(zip3, "zip3"), places];

export function policyOf(format: Format): FormatPolicy | undefined {
  return formats[format];
}

/** Names of the policies that lower what a destination sends: `id@version#sha256`. */
export function policiesOf(spec: DeidentifySpec | undefined): readonly string[] {
  return spec ? named : [];
}

export function formatPolicies(): readonly Policy[] {
  return Object.values(formats).flatMap(({ policies }) => policies);
}

const named = [...sharedPolicies, ...formatPolicies()].map(policyName).sort();
