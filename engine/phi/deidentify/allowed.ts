import type { DeidentifySpec } from "../../config/project.ts";

/** What a method does not allow, as a rule that a refusal can name; nothing when the settings fit. Lint says the same (PHI-124). */
export function misfit({ method, dates, ids, certificate, aggregate }: DeidentifySpec): "dates" | "ids" | "certificate" | "aggregate" | undefined {
  // Dates but for the year are identifiers (164.514(b)(2)(i)(C)); a code derived from the data is one too (164.514(c)(1)).
  if (method === "safe-harbor" || method === "aggregate") {
    if (dates !== "year") return "dates";
    if (ids === "pseudonym") return "ids";
  }
  if ((method === "expert") !== (certificate !== undefined)) return "certificate";
  return (method === "aggregate") === (aggregate !== undefined) ? undefined : "aggregate";
}
