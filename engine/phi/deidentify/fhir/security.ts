import type { DeidentifySpec } from "../../../config/project.ts";
import { type JsonObject, listAt, textAt } from "./json.ts";
import { isPublicCode } from "./terms.ts";

export const integrity = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/**
 * Security labels of what leaves: that it was de-identified and how (integrity codes of HL7 v3 ObservationValue). The labels that came say what kind of data
 * it is, which can be a fact about the patient; a limited data set, which is still protected, keeps how confidential it is.
 */
export function securityOf(resource: JsonObject, { method, ids }: Pick<DeidentifySpec, "method" | "ids">): readonly JsonObject[] {
  const how = ids === "remove" && method !== "limited-data-set" ? ["ANONYED"] : ids === "remove" ? [] : ["PSEUDED"];
  const own = [...how, "REDACTED"].map((code) => ({ system: integrity, code }));
  return method === "limited-data-set" ? [...confidential(resource), ...own] : own;
}

function confidential(resource: JsonObject): readonly JsonObject[] {
  return listAt(resource["meta"], "security").flatMap((each) => {
    const code = textAt(each, "code");
    return textAt(each, "system") === confidentiality && isPublicCode(confidentiality, code) ? [{ system: confidentiality, code }] : [];
  });
}
