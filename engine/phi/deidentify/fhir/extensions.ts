import type { Json } from "../../../codec/json/index.ts";
import { isList, isObject, type JsonObject, listAt, textAt } from "./json.ts";
import { terms } from "./terms.ts";

/** Extensions that may stand on a Patient: race and ethnicity as far as the categories of the OMB, and the sex at birth. All others are removed. */
export function extensionsOf(all: Json): readonly JsonObject[] | undefined {
  if (!isList(all)) return undefined;
  const kept = all.flatMap((each): readonly JsonObject[] => {
    const rule = terms.extensions.find(([url]) => url === textAt(each, "url"));
    const become = rule && extensionOf(each, rule);
    return become ? [become] : [];
  });
  return kept.length === 0 ? undefined : kept;
}

function extensionOf(value: Json, [url = "", part = "", system = "", codes = ""]: readonly string[]): JsonObject | undefined {
  const allowed = codes.split(" ");
  if (part === "valueCode") {
    const code = textAt(value, part);
    return allowed.includes(code) ? { url, valueCode: code } : undefined;
  }
  const parts = listAt(value, "extension").flatMap((each) => {
    const coding = isObject(each) && each["url"] === part ? each["valueCoding"] : undefined;
    const code = textAt(coding, "code");
    return textAt(coding, "system") === system && allowed.includes(code) ? [{ url: part, valueCoding: { system, code } }] : [];
  });
  return parts.length === 0 ? undefined : { url, extension: parts };
}
