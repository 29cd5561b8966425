import type { Code, InboundReply } from "../../engine/sdk/index.ts";

export const mediaType = "application/scim+json";
export const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";

/** Words of RFC 7644 section 3.12, table 9. */
export type ScimType = "invalidFilter" | "uniqueness" | "mutability" | "invalidSyntax" | "invalidPath" | "noTarget" | "invalidValue";

export function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): InboundReply {
  return { status, headers: { "content-type": mediaType, ...headers }, body: new TextEncoder().encode(JSON.stringify(value)) };
}

/** RFC 7644 section 3.12. `detail` is a code: no value of the request is repeated. */
export function refusal(status: number, code: Code | undefined, scimType?: ScimType): InboundReply {
  const said = { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), ...(scimType && { scimType }), ...(code && { detail: code }) };
  return json(status, said, status === 503 ? { "retry-after": "5" } : {});
}

/** RFC 7644 section 3.4.2. `startIndex` counts from 1. */
export function list(found: readonly object[], startIndex = 1, totalResults = found.length): InboundReply {
  return json(200, { schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], totalResults, startIndex, itemsPerPage: found.length, Resources: found });
}
