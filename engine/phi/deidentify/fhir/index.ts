import { canonical, JsonTree, readJson } from "../../../codec/json/index.ts";
import { EngineError } from "../../../sdk/index.ts";
import type { FormatPolicy } from "../format.ts";
import { isObject } from "./json.ts";
import { patientIn } from "./patients.ts";
import { Message } from "./resource.ts";
import { limitedDataSet, safeHarbor } from "./rows.ts";
import { terms } from "./terms.ts";
import { beyondVocabulary } from "./vocabulary.ts";

/** FHIR R4 as JSON: a row for every element of the standard, and nothing of what has none. */
export const fhir: FormatPolicy = {
  policies: [safeHarbor.policy, limitedDataSet.policy, terms],
  patientOf(raw) {
    const root = raw instanceof JsonTree && raw.type === "Patient" ? readJson(raw.toString(), { numbers: "exact" }) : undefined;
    return isObject(root) ? patientIn(root) : {};
  },
  deidentify(text, context) {
    const root = readJson(text, { numbers: "exact" });
    const rows = context.spec.method === "limited-data-set" ? limitedDataSet : safeHarbor;
    const become = new Message(root, rows, context).resource(root);
    if (!become) throw new EngineError("PHI-230");
    return canonical(become);
  },
  beyondVocabulary,
};
