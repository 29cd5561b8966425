import type { DeidentifySpec } from "../../config/project.ts";
import type { Label } from "../boundary.ts";
import { misfit } from "../deidentify/allowed.ts";

/**
 * What a method of 45 CFR 164.514 makes of a label. De-identified information is nobody's any more (164.502(d)(2)): no compartments, owners, purposes or
 * obligations. A limited data set keeps them all. Settings that the method does not allow (PHI-124) lower nothing.
 */
export function deidentified(label: Label, spec: DeidentifySpec): Label {
  // What is below already keeps the method that made it so.
  if (misfit(spec) || label.level === "none" || label.level === "deidentified") return label;
  if (spec.method === "limited-data-set") return { ...label, level: "limited" };
  const method = spec.method === "expert" ? (`expert:${spec.certificate ?? ""}` as const) : spec.method;
  return { level: levelOf(spec), compartments: [], owners: [], obligations: [], method };
}

/** What is made by a method. */
export function levelOf({ method }: DeidentifySpec): "deidentified" | "limited" {
  return method === "limited-data-set" ? "limited" : "deidentified";
}
