import type { Code } from "../../sdk/index.ts";
import type { ClinicalSpec } from "../clinical-spec.ts";
import { list, map, optional, text, texts } from "./tolerant.ts";

/** `clinical:` of a destination. */
export function readClinical(written: unknown): ClinicalSpec | undefined {
  if (written === undefined) return undefined;
  const value = map(written);
  return {
    list: text(value.list, "clinical-differences"),
    ...optional("owner", value.owner === undefined ? undefined : text(value.owner)),
    exceptions: list(value.exceptions).map(map).map((each) => ({
      name: text(each.name), allows: texts(each.allows) as readonly Code[], tests: texts(each.tests), reason: text(each.reason),
      approved: { by: text(map(each.approved).by), date: text(map(each.approved).date) },
    })),
  };
}
