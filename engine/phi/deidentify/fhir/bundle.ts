import type { Json } from "../../../codec/json/index.ts";
import type { MessageIds } from "./ids.ts";
import { isObject, type JsonObject, listAt, textAt } from "./json.ts";

/**
 * A Bundle written anew: its resources under new URLs. What else stands in one (searches, conditions, responses) names people. One that is carried out stays
 * so, and puts its resources under their new ids; of any other, a collection is left.
 */
export function bundleOf(value: JsonObject, ids: MessageIds, resource: (value: Json) => JsonObject | undefined, security: readonly JsonObject[]): JsonObject | undefined {
  const given = textAt(value, "type");
  const type = given === "transaction" || given === "batch" ? given : "collection";
  const entry = listAt(value, "entry").flatMap((each) => {
    const become = isObject(each) ? resource(each["resource"] ?? null) : undefined;
    if (!isObject(each) || !become) return [];
    const url = ids.url(each);
    return [{ ...(url !== undefined && { fullUrl: url }), resource: become, ...(type !== "collection" && { request: requestOf(become) }) }];
  });
  const id = textAt(value, "id") === "" ? undefined : ids.token(`Bundle/${textAt(value, "id")}`);
  return entry.length === 0 ? undefined : { resourceType: "Bundle", ...(id !== undefined && { id }), meta: { security }, type, entry };
}

function requestOf(resource: JsonObject): JsonObject {
  const [type, id] = [textAt(resource, "resourceType"), textAt(resource, "id")];
  return id === "" ? { method: "POST", url: type } : { method: "PUT", url: `${type}/${id}` };
}
